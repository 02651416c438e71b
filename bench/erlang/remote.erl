%% The rows that need a second node, over TLS 1.3 distribution on 127.0.0.1.
%%   remote:main([Name])  or  remote:main([Name, Size])
%% This node is the controller; peers are OS processes of their own that it starts and that end with it.
-module(remote).
-export([main/0, start_peers/1, peer/1]).
-export([sink/2, echo/1]).
-import(local, [once/3, tick/0, since/1, rate/2, median/1]).

-define(SMALL, <<"0123456789abcdef">>).

main() ->
    logger:set_primary_config(level, none),
    [Node] = start_peers(1),
    case init:get_plain_arguments() of
        [Name] -> row(Node, Name, default(Name));
        [Name, Size] -> row(Node, Name, list_to_integer(Size))
    end,
    halt(0).

default("remote_one_way") -> 1000000;
default("remote_round_trip") -> 20000.

row(Node, "remote_one_way", N) -> once("remote_one_way", N, fun(M) -> one_way(Node, M) end);
row(Node, "remote_round_trip", N) -> once("remote_round_trip", N, fun(M) -> round_trip(Node, M) end).

%% N messages to one process, which acknowledges the last.
one_way(Node, N) ->
    Me = self(),
    Sink = spawn(Node, ?MODULE, sink, [Me, N]),
    T0 = tick(),
    send_n(N, Sink),
    receive {sunk, Sink} -> ok end,
    {rate(N, since(T0)), "msg/s"}.

send_n(0, _) -> ok;
send_n(N, To) -> To ! {N, ?SMALL}, send_n(N - 1, To).

sink(Back, 0) -> Back ! {sunk, self()};
sink(Back, N) -> receive {_, _} -> sink(Back, N - 1) end.

%% One message at a time, there and back: the median.
round_trip(Node, N) ->
    E = spawn(Node, ?MODULE, echo, [self()]),
    Times = ping(N, E, []),
    E ! stop,
    {median(Times) / 1000, "us"}.

ping(0, _, Acc) -> Acc;
ping(N, E, Acc) ->
    T0 = tick(),
    E ! {N, ?SMALL},
    receive {N, _} -> ping(N - 1, E, [since(T0) | Acc]) end.

echo(Back) -> receive {_, _} = M -> Back ! M, echo(Back); stop -> ok end.

%% ------------------------------------------------------------------ peers

%% Starts Count nodes with the flags of this one and waits until each is connected.
start_peers(Count) ->
    Me = self(),
    Starters = [spawn_link(fun() -> Me ! {self(), start_peer(N)}, hold() end) || N <- lists:seq(1, Count)],
    [receive {S, Node} -> Node end || S <- Starters].

start_peer(N) ->
    Node = list_to_atom("p" ++ integer_to_list(N) ++ "c" ++ os:getpid() ++ "@127.0.0.1"),
    {ok, [[Options]]} = init:get_argument(ssl_dist_optfile),
    open_port({spawn_executable, os:find_executable("erl")},
              [{args, ["+S", "2", "-noinput", "-name", atom_to_list(Node),
                       "-setcookie", atom_to_list(erlang:get_cookie()),
                       "-proto_dist", "inet_tls", "-ssl_dist_optfile", Options,
                       "-pa", filename:dirname(code:which(?MODULE)),
                       "-s", "remote", "peer", os:getpid()]}, binary]),
    await(Node, 400),
    Node.

hold() -> receive _ -> hold() end.

await(_, 0) -> exit(peer_did_not_start);
await(Node, K) ->
    case net_kernel:connect_node(Node) of
        true -> ok;
        _ -> timer:sleep(50), await(Node, K - 1)
    end.

%% Runs in the peer: leaves when the controller's OS process has.
peer([Controller]) ->
    logger:set_primary_config(level, none),
    spawn(fun() -> watch("/proc/" ++ atom_to_list(Controller) ++ "/status") end).

watch(F) ->
    case file:read_file(F) of
        {ok, _} -> timer:sleep(200), watch(F);
        _ -> halt(0)
    end.
