-- GETs of random paths from a list (argument 1: its file, argument 2: a seed); at the end one line of JSON.
local requests = {}

function init(args)
  math.randomseed(tonumber(args[2]))
  wrk.headers["Accept"] = "application/json"
  for path in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
end

function request()
  return requests[math.random(#requests)]
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
