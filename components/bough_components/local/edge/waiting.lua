-- A request for which there is no server waits for one, for so many seconds at most.
core.register_action("wait_for_server", { "http-req" }, function(txn, seconds)
    local last = core.now().sec + tonumber(seconds)
    while txn.f:nbsrv() == 0 and core.now().sec < last do
        core.msleep(50)
    end
end, 1)
