#!/usr/bin/env escript
%% by_snmpc.escript SVCPORT-MIB.mib DIRECTORY: what Erlang's compiler makes of it with all of
%% its checks, as reference.py prints it.
-mode(compile).
-include_lib("snmp/include/snmp_types.hrl").

main([File, Dir]) ->
    Base = filename:join(code:lib_dir(snmp), "mibs"),
    Options = [{group_check, true}, {warnings, true},
               {i, [Base]}, {outdir, Dir}],
    case snmpc:compile(File, Options) of
        {ok, Bin} ->
            {ok, Mib} = snmpc_misc:read_mib(Bin),
            lists:foreach(fun object/1, Mib#mib.mes),
            Names = maps:from_list([{Oid, Name} ||
                #me{oid = Oid, aliasname = Name} <- Mib#mib.mes]),
            [notification(Trap, Names) || Trap <- Mib#mib.traps];
        Error ->
            io:format("~p~n", [Error]),
            halt(1)
    end.

object(#me{entrytype = Type, aliasname = Name, oid = Oid, asn1_type = Asn1}) when
    Type =:= variable; Type =:= table_column ->
    io:format("oid ~s ~s~n", [Name, dots(Oid)]),
    Labels = proplists:get_value(enums, Asn1#asn1_type.assocList, []),
    [io:format("label ~s ~s ~p~n", [Name, Word, Number]) || {Word, Number} <- Labels];
object(_) ->
    ok.

notification(#notification{trapname = Name, oid = Oid, oidobjects = Objects}, Names) ->
    io:format("oid ~s ~s~n", [Name, dots(Oid)]),
    Numbered = lists:zip(lists:seq(1, length(Objects)), Objects),
    [io:format("varbind ~s ~p ~s~n", [Name, N, named(Object, Names)]) ||
        {N, {Object, _}} <- Numbered].

%% Scalars stand there with their instance.
named(Oid, Names) ->
    case maps:find(Oid, Names) of
        {ok, Name} -> Name;
        error -> maps:get(lists:droplast(Oid), Names)
    end.

dots(Oid) ->
    string:join([integer_to_list(N) || N <- Oid], ".").
