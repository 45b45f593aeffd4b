-- Sixteen requests at a time, for wrk.
function init()
  local one = wrk.format("GET")
  sixteen = string.rep(one, 16)
end

function request()
  return sixteen
end
