%% The same job as examples/wordcount: three nodes over distribution, files cut into chunks at white space,
%% workers on all three nodes count words, this node merges and prints the ten commonest with the chunks of each node.
%%   wordcount:main([File, ...])
-module(wordcount).
-export([main/0, worker/1]).

-define(CHUNK_BYTES, 1048576).
-define(WINDOW, 4).

main() ->
    logger:set_primary_config(level, none),
    Nodes = [node() | remote:start_peers(2)],
    Workers = maps:from_list([{spawn(Node, ?MODULE, worker, [self()]), {Node, 0, 0}} || Node <- Nodes]),
    report(run(Workers, {none, 0, init:get_plain_arguments()}, #{})),
    halt(0).

worker(Boss) -> worker(Boss, binary:compile_pattern([<<" ">>, <<"\n">>, <<"\t">>, <<"\r">>])).

worker(Boss, Spaces) ->
    receive
        {count, Chunk} ->
            Words = binary:split(Chunk, Spaces, [global, trim_all]),
            Boss ! {counted, self(), lists:foldl(fun count/2, #{}, Words)},
            worker(Boss, Spaces);
        stop -> ok
    end.

count(Word, Counts) ->
    case Counts of
        #{Word := N} -> Counts#{Word := N + 1};
        _ -> Counts#{Word => 1}
    end.

%% Hands out chunks until none is left and none is out.
run(Workers0, Source0, Total) ->
    {Workers, Source} = hand_out(maps:keys(Workers0), Workers0, Source0),
    case Source =:= done andalso idle(Workers) of
        true -> {Workers, Total};
        false ->
            receive
                {counted, Pid, Counts} ->
                    {Node, Out, Done} = maps:get(Pid, Workers),
                    run(Workers#{Pid := {Node, Out - 1, Done + 1}}, Source, merge(Counts, Total))
            end
    end.

idle(Workers) -> lists:all(fun({_, Out, _}) -> Out =:= 0 end, maps:values(Workers)).

merge(Counts, Total) ->
    maps:fold(fun(W, N, T) -> case T of #{W := M} -> T#{W := M + N}; _ -> T#{W => N} end end, Total, Counts).

hand_out(_, Workers, done) -> {Workers, done};
hand_out([], Workers, Source) -> {Workers, Source};
hand_out([Pid | Pids], Workers, Source) ->
    case maps:get(Pid, Workers) of
        {Node, Out, Done} when Out < ?WINDOW ->
            case next(Source) of
                done -> {Workers, done};
                {Chunk, Next} ->
                    Pid ! {count, Chunk},
                    hand_out([Pid | Pids], Workers#{Pid := {Node, Out + 1, Done}}, Next)
            end;
        _ -> hand_out(Pids, Workers, Source)
    end.

%% The next chunk, cut after its last white space, and where to go on.
next({none, _, []}) -> done;
next({none, _, [Path | Paths]}) ->
    {ok, File} = file:open(Path, [read, raw, binary]),
    next({File, 0, Paths});
next({File, At, Paths}) ->
    case file:pread(File, At, ?CHUNK_BYTES) of
        eof -> file:close(File), next({none, 0, Paths});
        {ok, Piece} when byte_size(Piece) < ?CHUNK_BYTES -> {Piece, {File, At + byte_size(Piece), Paths}};
        {ok, Piece} ->
            Cut = cut(Piece, byte_size(Piece)),
            {binary:part(Piece, 0, Cut), {File, At + Cut, Paths}}
    end.

cut(Piece, 0) -> byte_size(Piece);
cut(Piece, At) ->
    case binary:at(Piece, At - 1) of
        C when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r -> At;
        _ -> cut(Piece, At - 1)
    end.

report({Workers, Total}) ->
    Sorted = lists:sort(fun({W, N}, {V, M}) -> {-N, W} =< {-M, V} end, maps:to_list(Total)),
    io:format("~b words, ~b of them different~n", [lists:sum(maps:values(Total)), map_size(Total)]),
    [io:format("~10b  ~s~n", [N, W]) || {W, N} <- lists:sublist(Sorted, 10)],
    [io:format("~s: ~b chunks~n", [Node, Done]) || {Node, 0, Done} <- lists:sort(maps:values(Workers))].
