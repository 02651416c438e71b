%% The rows that need a second node, over distribution on 127.0.0.1, TLS 1.3 or plain as this node was started.
%%   remote:main([Name])  or  remote:main([Name, Size])
%% This node is the controller; peers are OS processes of their own that it starts and that end with it.
-module(remote).
-export([main/0, start_peers/1, peer/1]).
-export([sink/2, echo/1, child/1, nothing/0]).
-import(local, [once/3, tick/0, since/1, rate/2, median/1]).

-define(SMALL, <<"0123456789abcdef">>).
-define(WINDOW, 1000).

main() ->
    logger:set_primary_config(level, none),
    [Node] = start_peers(1),
    case init:get_plain_arguments() of
        [Name] -> {Name, Size, F} = lists:keyfind(Name, 1, rows()), once(Name, Size, fun(N) -> F(Node, N) end);
        [Name, Size] ->
            {Name, _, F} = lists:keyfind(Name, 1, rows()),
            once(Name, list_to_integer(Size), fun(N) -> F(Node, N) end)
    end,
    halt(0).

rows() ->
    [{"remote_one_way", 1000000, fun(Node, N) -> one_way(Node, N, ?SMALL) end},
     {"remote_four_ways", 1000000, fun four_ways/2},
     {"remote_1_kb", 200000, fun(Node, N) -> one_way(Node, N, crypto:strong_rand_bytes(1000)) end},
     {"remote_1_mb", 1000, fun(Node, N) -> {Rate, _} = one_way(Node, N, crypto:strong_rand_bytes(1000000)), {Rate, "MB/s"} end},
     {"remote_round_trip", 20000, fun round_trip/2},
     {"remote_spawn", 20000, fun spawn_one_by_one/2},
     {"remote_spawn_many", 100000, fun spawn_many/2}].

%% N messages to one process, which acknowledges the last.
one_way(Node, N, Payload) ->
    Me = self(),
    Sink = spawn(Node, ?MODULE, sink, [Me, N]),
    T0 = tick(),
    send_n(N, Sink, Payload),
    receive {sunk, Sink} -> ok end,
    {rate(N, since(T0)), "msg/s"}.

%% N messages in all, from four processes to four.
four_ways(Node, N) ->
    Me = self(),
    Each = N div 4,
    Sinks = [spawn(Node, ?MODULE, sink, [Me, Each]) || _ <- [1, 2, 3, 4]],
    T0 = tick(),
    [spawn_link(fun() -> send_n(Each, Sink, ?SMALL) end) || Sink <- Sinks],
    [receive {sunk, Sink} -> ok end || Sink <- Sinks],
    {rate(Each * 4, since(T0)), "msg/s"}.

send_n(0, _, _) -> ok;
send_n(N, To, Payload) -> To ! {N, Payload}, send_n(N - 1, To, Payload).

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

%% Processes started one by one: the next when the last has said that it runs.
spawn_one_by_one(Node, N) ->
    T0 = tick(),
    one_by_one(Node, N),
    {rate(N, since(T0)), "spawn/s"}.

one_by_one(_, 0) -> ok;
one_by_one(Node, N) ->
    Child = spawn(Node, ?MODULE, child, [self()]),
    receive {started, Child} -> one_by_one(Node, N - 1) end.

child(Parent) -> Parent ! {started, self()}.
nothing() -> ok.

%% Processes started with a thousand requests under way, each done when it is answered.
spawn_many(Node, N) ->
    T0 = tick(),
    request(?WINDOW, Node),
    answers(N - ?WINDOW, ?WINDOW, Node),
    {rate(N, since(T0)), "spawn/s"}.

request(0, _) -> ok;
request(N, Node) -> spawn_request(Node, ?MODULE, nothing, [], []), request(N - 1, Node).

answers(0, 0, _) -> ok;
answers(Left, Out, Node) ->
    receive {spawn_reply, _, ok, _} -> ok end,
    case Left of
        0 -> answers(0, Out - 1, Node);
        _ -> request(1, Node), answers(Left - 1, Out, Node)
    end.

%% ------------------------------------------------------------------ peers

%% Starts Count nodes with the flags of this one and waits until each is connected.
start_peers(Count) ->
    Me = self(),
    Starters = [spawn_link(fun() -> Me ! {self(), start_peer(N)}, hold() end) || N <- lists:seq(1, Count)],
    [receive {S, Node} -> Node end || S <- Starters].

start_peer(N) ->
    Node = list_to_atom("p" ++ integer_to_list(N) ++ "c" ++ os:getpid() ++ "@127.0.0.1"),
    Tls = case init:get_argument(ssl_dist_optfile) of
              {ok, [[Options]]} -> ["-proto_dist", "inet_tls", "-ssl_dist_optfile", Options];
              error -> []
          end,
    open_port({spawn_executable, os:find_executable("erl")},
              [{args, ["+S", "2", "-noinput", "-name", atom_to_list(Node),
                       "-setcookie", atom_to_list(erlang:get_cookie()),
                       "-pa", filename:dirname(code:which(?MODULE))] ++ Tls ++
                      ["-s", "remote", "peer", os:getpid()]}, binary]),
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
