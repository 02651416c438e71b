%% The rows that one node runs.
%%   local:main([Name])  or  local:main([Name, Size])
%% The work is done twice, each time in a fresh process; the second time counts.
%% One line on standard output: name<TAB>value<TAB>unit.
-module(local).
-export([main/0, once/3, tick/0, since/1, ms/1, rate/2, median/1]).
-export([parked/0]).
-export([init/1, handle_call/3, handle_cast/2]).

main() ->
    logger:set_primary_config(level, none),
    case init:get_plain_arguments() of
        [Name] -> {Name, Size, F} = lists:keyfind(Name, 1, rows()), once(Name, Size, F);
        [Name, Size] ->
            {Name, _, F} = lists:keyfind(Name, 1, rows()),
            once(Name, list_to_integer(Size), F)
    end,
    halt(0).

rows() ->
    [{"fib", 35, fun b_fib/1},
     {"tak", 24, fun b_tak/1},
     {"nqueens", 10, fun b_nqueens/1},
     {"mandelbrot", 400, fun b_mandel/1},
     {"nbody", 1000000, fun b_nbody/1},
     {"binary_trees", 16, fun b_trees/1},
     {"string_building", 10000000, fun b_string/1},
     {"list", 5000000, fun b_list/1},
     {"list_short", 20000, fun(N) -> b_lists(N, 1000) end},
     {"list_long", 200, fun(N) -> b_lists(N, 100000) end},
     {"map", 1000000, fun b_map/1},
     {"spawn", 1000000, fun b_spawn/1},
     {"idle_memory", 1000000, fun b_idle/1},
     {"ping_pong", 1000000, fun b_pingpong/1},
     {"ring", 1000, fun b_ring/1},
     {"fan_in", 1000000, fun b_fanin/1},
     {"all_to_all", 200, fun b_all_to_all/1},
     {"selective", 10000, fun b_selective/1},
     {"service_call", 1000000, fun b_call/1},
     {"skynet", 1000000, fun b_skynet/1},
     {"large_message", 1000000, fun b_large_message/1},
     {"monitor_down", 200000, fun b_monitor_down/1},
     {"timers", 1000000, fun b_timers/1}].

once(Name, Size, F) ->
    _ = isolated(F, Size),
    {Value, Unit} = isolated(F, Size),
    io:format("~s\t~s\t~s~n", [Name, text(Value), Unit]).

text(V) when is_integer(V) -> integer_to_list(V);
text(V) when abs(V) >= 1000 -> integer_to_list(round(V));
text(V) -> io_lib:format("~.3f", [V]).

isolated(F, Size) ->
    {P, M} = spawn_monitor(fun() -> exit({result, F(Size)}) end),
    receive
        {'DOWN', M, process, P, {result, R}} -> erlang:garbage_collect(), R;
        {'DOWN', M, process, P, Why} -> io:format(standard_error, "FAILED ~p~n", [Why]), halt(1)
    end.

tick() -> erlang:monotonic_time(nanosecond).
since(T0) -> tick() - T0.
ms(Ns) -> Ns / 1.0e6.
rate(N, Ns) -> N * 1.0e9 / Ns.
median(L) -> lists:nth((length(L) + 1) div 2, lists:sort(L)).

timed_ms(F) ->
    T0 = tick(), R = F(), D = since(T0),
    {ms(D), R}.

rss_kb() ->
    {ok, B} = file:read_file("/proc/self/status"),
    {match, [S]} = re:run(B, "VmRSS:\\s+(\\d+)", [{capture, all_but_first, list}]),
    list_to_integer(S).

b_fib(N) ->
    {T, R} = timed_ms(fun() -> fib(N) end),
    true = is_integer(R),
    {T, "ms"}.

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

%% tak(N, 2N/3, N/3), ten times.
b_tak(N) ->
    {T, R} = timed_ms(fun() -> tak_times(10, N, 0) end),
    true = is_integer(R),
    {T, "ms"}.

tak_times(0, _, Acc) -> Acc;
tak_times(K, N, Acc) -> tak_times(K - 1, N, Acc + tak(N, 2 * N div 3, N div 3)).

tak(X, Y, Z) when Y < X ->
    tak(tak(X - 1, Y, Z), tak(Y - 1, Z, X), tak(Z - 1, X, Y));
tak(_, _, Z) -> Z.

b_nqueens(N) ->
    {T, R} = timed_ms(fun() -> queens(N, N, []) end),
    case N of 10 -> 724 = R; 8 -> 92 = R; _ -> ok end,
    {T, "ms"}.

queens(_, 0, _) -> 1;
queens(N, Left, Placed) -> queens_col(N, N, Left, Placed, 0).

queens_col(_, 0, _, _, Acc) -> Acc;
queens_col(N, C, Left, Placed, Acc) ->
    case safe(C, 1, Placed) of
        true -> queens_col(N, C - 1, Left, Placed,
                           Acc + queens(N, Left - 1, [C | Placed]));
        false -> queens_col(N, C - 1, Left, Placed, Acc)
    end.

safe(_, _, []) -> true;
safe(C, D, [Q | Qs]) when Q =/= C, Q =/= C + D, Q =/= C - D -> safe(C, D + 1, Qs);
safe(_, _, _) -> false.

%% N x N grid over [-1.5,0.5]x[-1,1], at most 50 iterations; counts members.
b_mandel(N) ->
    {T, R} = timed_ms(fun() -> mandel_rows(0, N, 0) end),
    true = R > 0,
    {T, "ms"}.

mandel_rows(N, N, Acc) -> Acc;
mandel_rows(Y, N, Acc) ->
    CI = 2.0 * Y / N - 1.0,
    mandel_rows(Y + 1, N, mandel_cols(0, N, CI, Acc)).

mandel_cols(N, N, _, Acc) -> Acc;
mandel_cols(X, N, CI, Acc) ->
    CR = 2.0 * X / N - 1.5,
    mandel_cols(X + 1, N, CI, Acc + mandel_pt(50, 0.0, 0.0, CR, CI)).

mandel_pt(0, _, _, _, _) -> 1;
mandel_pt(K, ZR, ZI, CR, CI) ->
    R2 = ZR * ZR, I2 = ZI * ZI,
    if R2 + I2 > 4.0 -> 0;
       true -> mandel_pt(K - 1, R2 - I2 + CR, 2.0 * ZR * ZI + CI, CR, CI)
    end.

%% Stretch tree of depth N+1, one long-lived tree of depth N, and for each
%% even depth d in 4..N, 2^(N-d+4) short-lived trees; one process.
b_trees(N) ->
    {T, R} = timed_ms(fun() -> trees(N) end),
    true = is_integer(R),
    {T, "ms"}.

trees(N) ->
    S = check(tree(N + 1)),
    Long = tree(N),
    Sum = lists:sum([many(1 bsl (N - D + 4), D, 0) || D <- lists:seq(4, N, 2)]),
    S + Sum + check(Long).

many(0, _, Acc) -> Acc;
many(I, D, Acc) -> many(I - 1, D, Acc + check(tree(D))).

tree(0) -> {nil, nil};
tree(D) -> {tree(D - 1), tree(D - 1)}.

check({nil, nil}) -> 1;
check({L, R}) -> 1 + check(L) + check(R).

%% Ten-byte pieces "k" ++ 7 digits ++ ";\n" up to N bytes.
b_string(N) ->
    K = N div 10,
    {T, B} = timed_ms(fun() -> iolist_to_binary(pieces(K, [])) end),
    true = byte_size(B) =:= K * 10,
    {T, "ms"}.

pieces(0, Acc) -> Acc;
pieces(K, Acc) -> pieces(K - 1, [$k, integer_to_binary(1000000 + K), <<";\n">> | Acc]).

%% Five-body simulation with the usual solar-system constants, dt 0.01.
b_nbody(Steps) ->
    Bs0 = offset_momentum(planets()),
    E0 = energy(Bs0, 0.0),
    {T, Bs} = timed_ms(fun() -> nbody_steps(Steps, Bs0) end),
    true = abs(energy(Bs, 0.0) - E0) < 1.0e-3,
    {T, "ms"}.

nbody_steps(0, Bs) -> Bs;
nbody_steps(N, Bs) -> nbody_steps(N - 1, move(kick(Bs))).

kick([]) -> [];
kick([B | Rest]) ->
    {B1, Rest1} = kick_against(B, Rest, []),
    [B1 | kick(Rest1)].

kick_against(B, [], Acc) -> {B, lists:reverse(Acc)};
kick_against({X, Y, Z, VX, VY, VZ, M}, [{X2, Y2, Z2, VX2, VY2, VZ2, M2} | T], Acc) ->
    DX = X - X2, DY = Y - Y2, DZ = Z - Z2,
    D2 = DX * DX + DY * DY + DZ * DZ,
    Mag = 0.01 / (D2 * math:sqrt(D2)),
    A = M2 * Mag, B = M * Mag,
    kick_against({X, Y, Z, VX - DX * A, VY - DY * A, VZ - DZ * A, M}, T,
                 [{X2, Y2, Z2, VX2 + DX * B, VY2 + DY * B, VZ2 + DZ * B, M2} | Acc]).

move([]) -> [];
move([{X, Y, Z, VX, VY, VZ, M} | T]) ->
    [{X + 0.01 * VX, Y + 0.01 * VY, Z + 0.01 * VZ, VX, VY, VZ, M} | move(T)].

energy([], E) -> E;
energy([{X, Y, Z, VX, VY, VZ, M} | T], E) ->
    E1 = E + 0.5 * M * (VX * VX + VY * VY + VZ * VZ),
    E2 = lists:foldl(
           fun({X2, Y2, Z2, _, _, _, M2}, Acc) ->
                   DX = X - X2, DY = Y - Y2, DZ = Z - Z2,
                   Acc - M * M2 / math:sqrt(DX * DX + DY * DY + DZ * DZ)
           end, E1, T),
    energy(T, E2).

offset_momentum([{X, Y, Z, _, _, _, M} | Ps]) ->
    {PX, PY, PZ} = lists:foldl(
        fun({_, _, _, VX, VY, VZ, Mi}, {A, B, C}) ->
                {A + VX * Mi, B + VY * Mi, C + VZ * Mi}
        end, {0.0, 0.0, 0.0}, Ps),
    [{X, Y, Z, -PX / M, -PY / M, -PZ / M, M} | Ps].

planets() ->
    Sun = 4 * math:pi() * math:pi(), Y = 365.24,
    [{0.0, 0.0, 0.0, 0.0, 0.0, 0.0, Sun},
     {4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
      0.00166007664274403694 * Y, 0.00769901118419740425 * Y,
      -0.0000690460016972063023 * Y, 9.54791938424326609e-4 * Sun},
     {8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
      -0.00276742510726411904 * Y, 0.00499852801234917238 * Y,
      0.0000230417297573763929 * Y, 2.85885980666130812e-4 * Sun},
     {12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
      0.00296460137564761618 * Y, 0.00237847173959480950 * Y,
      -0.0000296589568540237556 * Y, 4.36624404335156298e-5 * Sun},
     {15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
      0.00268067772490389322 * Y, 0.00162824170038242295 * Y,
      -0.0000951592254519715870 * Y, 5.15138902046611451e-5 * Sun}].

%% Keys are a bijective scramble of 1..N (one LCG step mod 2^31).
b_map(N) ->
    {T1, M} = timed_ms(fun() -> map_ins(N, #{}) end),
    N = map_size(M),
    {T2, S} = timed_ms(fun() -> map_sum(N, M, 0) end),
    S = N * (N + 1) div 2,
    {T1 + T2, "ms"}.

key(I) -> (I * 1103515245 + 12345) band 16#7FFFFFFF.

map_ins(0, M) -> M;
map_ins(I, M) -> map_ins(I - 1, M#{key(I) => I}).

map_sum(0, _, Acc) -> Acc;
map_sum(I, M, Acc) -> map_sum(I - 1, M, Acc + map_get(key(I), M)).

b_list(N) ->
    {T, S} = timed_ms(fun() -> sum(upto(N, []), 0) end),
    S = N * (N + 1) div 2,
    {T, "ms"}.

b_lists(Rounds, N) ->
    {T, S} = timed_ms(fun() -> lists(Rounds, N, 0) end),
    S = Rounds * (N * (N + 1) div 2),
    {T, "ms"}.

lists(0, _, S) -> S;
lists(Rounds, N, S) -> lists(Rounds - 1, N, S + sum(upto(N, []), 0)).

upto(0, L) -> L;
upto(I, L) -> upto(I - 1, [I | L]).

sum([], S) -> S;
sum([H | T], S) -> sum(T, S + H).

%% Each child sends its parent one message and ends; at most 1000 are alive.
b_spawn(N) ->
    Me = self(),
    F = fun() -> Me ! x end,
    T0 = tick(),
    W = min(N, 1000),
    spawn_n(W, F),
    spawn_windowed(N - W, W, F),
    {rate(N, since(T0)), "proc/s"}.

spawn_n(0, _) -> ok;
spawn_n(N, F) -> spawn(F), spawn_n(N - 1, F).

spawn_windowed(0, 0, _) -> ok;
spawn_windowed(0, W, F) -> receive x -> spawn_windowed(0, W - 1, F) end;
spawn_windowed(N, W, F) -> receive x -> spawn(F), spawn_windowed(N - 1, W, F) end.

%% Resident memory for each of N processes parked in a receive. The first population is what the baseline is
%% taken before, so carriers kept from it are charged to the second as well.
b_idle(N) ->
    Base = case persistent_term:get(idle_base, none) of
               none -> erlang:garbage_collect(), B = rss_kb(),
                       persistent_term:put(idle_base, B), B;
               B -> B
           end,
    Ps = spawn_parked(N, []),
    timer:sleep(300),
    Rss = rss_kb(),
    kill_all(Ps),
    {(Rss - Base) * 1024 / N, "B/proc"}.

spawn_parked(0, Ps) -> Ps;
spawn_parked(N, Ps) -> spawn_parked(N - 1, [spawn(?MODULE, parked, []) | Ps]).

parked() -> receive stop -> ok end.

kill_all(Ps) ->
    Ms = [monitor(process, P) || P <- Ps],
    [P ! stop || P <- Ps],
    [receive {'DOWN', M, _, _, _} -> ok end || M <- Ms],
    ok.

b_pingpong(N) ->
    P = spawn_link(fun echo/0),
    T0 = tick(),
    pp(N, P),
    D = since(T0),
    P ! stop,
    {rate(N, D), "roundtrip/s"}.

echo() -> receive {From, X} -> From ! X, echo(); stop -> ok end.

pp(0, _) -> ok;
pp(N, P) -> P ! {self(), N}, receive N -> pp(N - 1, P) end.

%% 1000 processes, Size laps.
b_ring(Laps) ->
    K = 1000,
    Me = self(),
    First = spawn_link(fun() -> receive {next, P} -> ring(P) end end),
    Last = lists:foldl(fun(_, Prev) -> spawn_link(fun() -> ring(Prev) end) end,
                       First, lists:seq(2, K)),
    First ! {next, Last},
    T0 = tick(),
    Last ! {K * Laps, Me},
    receive done -> ok end,
    D = since(T0),
    Last ! stop,
    {rate(K * Laps, D), "hop/s"}.

ring(Next) ->
    receive
        {0, Me} -> Me ! done, ring(Next);
        {N, Me} -> Next ! {N - 1, Me}, ring(Next);
        stop -> Next ! stop
    end.

%% 8 senders, Size messages each.
b_fanin(N) ->
    Me = self(),
    K = 8,
    Ss = [spawn_link(fun() -> receive go -> fan_send(N, I, Me) end end)
          || I <- lists:seq(1, K)],
    T0 = tick(),
    [S ! go || S <- Ss],
    fan_recv(N * K),
    {rate(N * K, since(T0)), "msg/s"}.

fan_send(0, _, _) -> ok;
fan_send(N, I, To) -> To ! {I, N}, fan_send(N - 1, I, To).

fan_recv(0) -> ok;
fan_recv(N) -> receive {_, _} -> fan_recv(N - 1) end.

%% Size processes; in each of 25 rounds everyone pings everyone else and waits for all the pongs.
b_all_to_all(N) ->
    Rounds = 25,
    Me = self(),
    Ps = [spawn_link(fun() -> member(Me, Rounds) end) || _ <- lists:seq(1, N)],
    Gos = [{P, {go, lists:delete(P, Ps)}} || P <- Ps],
    T0 = tick(),
    [P ! Go || {P, Go} <- Gos],
    [receive done -> ok end || _ <- Ps],
    D = since(T0),
    [P ! stop || P <- Ps],
    {rate(2 * Rounds * N * (N - 1), D), "msg/s"}.

member(Boss, Rounds) ->
    receive {go, Others} -> rounds(Rounds, Others, length(Others)) end,
    Boss ! done,
    serve().

rounds(0, _, _) -> ok;
rounds(N, Others, K) ->
    [P ! {ping, self()} || P <- Others],
    gather(K),
    rounds(N - 1, Others, K).

gather(0) -> ok;
gather(K) -> receive {ping, From} -> From ! pong, gather(K); pong -> gather(K - 1) end.

serve() -> receive {ping, From} -> From ! pong, serve(); stop -> ok end.

%% A receive for one message while Size others wait in front of it.
b_selective(Waiting) ->
    P = spawn_link(fun echo/0),
    [self() ! {noise, I} || I <- lists:seq(1, Waiting)],
    N = 2000,
    T0 = tick(),
    select(N, P),
    D = since(T0),
    P ! stop,
    {D / N / 1000, "us"}.

select(0, _) -> ok;
select(N, P) -> P ! {self(), {reply, N}}, receive {reply, N} -> select(N - 1, P) end.

b_call(N) ->
    {ok, P} = gen_server:start_link(?MODULE, none, []),
    T0 = tick(),
    calls(N, P),
    D = since(T0),
    gen_server:stop(P),
    {rate(N, D), "call/s"}.

calls(0, _) -> ok;
calls(N, P) -> N = gen_server:call(P, N), calls(N - 1, P).

init(State) -> {ok, State}.
handle_call(X, _From, S) -> {reply, X, S}.
handle_cast(_, S) -> {noreply, S}.

%% A tree of processes, ten children each, down to Size leaves, which are numbered and added up.
b_skynet(N) ->
    Me = self(),
    T0 = tick(),
    spawn(fun() -> tree(Me, 0, N) end),
    S = receive X -> X end,
    D = since(T0),
    S = N * (N - 1) div 2,
    {ms(D), "ms"}.

tree(Up, Number, 1) -> Up ! Number;
tree(Up, Number, Size) ->
    Part = Size div 10,
    Me = self(),
    [spawn(fun() -> tree(Me, Number + I * Part, Part) end) || I <- lists:seq(0, 9)],
    Up ! tree_sum(10, 0).

tree_sum(0, S) -> S;
tree_sum(K, S) -> receive X -> tree_sum(K - 1, S + X) end.

%% A list of Size integers as a message, and an answer, 20 times.
b_large_message(N) ->
    L = lists:seq(1, N),
    P = spawn_link(fun sink/0),
    K = 20,
    T0 = tick(),
    large(K, P, L),
    D = since(T0),
    P ! stop,
    {ms(D) / K, "ms"}.

large(0, _, _) -> ok;
large(K, P, L) -> P ! {self(), L}, receive {head, _} -> large(K - 1, P, L) end.

sink() -> receive {From, [H | _]} -> From ! {head, H}, sink(); stop -> ok end.

%% Size processes: each is monitored, told to end, and its DOWN received.
b_monitor_down(N) ->
    Ps = spawn_parked(N, []),
    T0 = tick(),
    [monitor(process, P) || P <- Ps],
    [P ! stop || P <- Ps],
    downs(N),
    {rate(N, since(T0)), "proc/s"}.

downs(0) -> ok;
downs(N) -> receive {'DOWN', _, _, _, _} -> downs(N - 1) end.

%% Size timers that are set for a minute later and cancelled.
b_timers(N) ->
    T0 = tick(),
    cancel(set_all(N, [])),
    {rate(2 * N, since(T0)), "op/s"}.

set_all(0, Rs) -> Rs;
set_all(N, Rs) -> set_all(N - 1, [erlang:send_after(60000, self(), late) | Rs]).

cancel([]) -> ok;
cancel([R | Rs]) -> erlang:cancel_timer(R), cancel(Rs).
