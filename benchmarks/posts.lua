-- POSTs of works that are all different, in the order of a list (argument 1: its file, one "path token DOI" a
-- line; argument 2: the file of a body with the mark DOI in it); at the end one line of JSON.
local requests, next_one = {}, 0

function init(args)
  local file = io.open(args[2])
  local body = file:read("*a")
  file:close()
  for line in io.lines(args[1]) do
    local path, token, doi = line:match("^(%S+) (%S+) (%S+)$")
    local headers = {["Content-Type"] = "application/json", ["Accept"] = "application/json"}
    headers["Authorization"] = "Bearer " .. token
    requests[#requests + 1] = wrk.format("POST", path, headers, (body:gsub("{DOI}", doi)))
  end
end

function request()
  next_one = next_one + 1
  return requests[next_one] or error("the list of works is too short")
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"rate": %f, "p50_ms": %f, "p99_ms": %f, "requests": %d, "failed": %d}\n',
    summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
