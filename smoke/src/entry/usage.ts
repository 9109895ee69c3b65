/** What `help` prints. */
export const usage = `slipway-smoke decides whether a release may serve.

  slipway-smoke release                   check the release that SLIPWAY_SMOKE_EXPECTED describes
  slipway-smoke run FILE                  run a suite: .yaml, .json or .ts
  slipway-smoke flags FILE                print the exact Deno permissions that a suite needs
  slipway-smoke import FORMAT FILE        make a suite of an openapi, hurl or postman file
  slipway-smoke schema                    print the JSON Schema of suites
  slipway-smoke version                   print the version of this package

Options of release, run and flags:
  --output FORMAT      text (default), json, json-line, ndjson, junit, tap, github, prometheus
  --report FORMAT=FILE write a report to a file too; may be repeated
  --deadline TIME      the whole run's limit: 30s, 5m (or SLIPWAY_SMOKE_DEADLINE_MS)
  --suite NAME         a part of the suite, with its own deadline
  --tag TAG            only checks with the tag; may be repeated
  --expected FILE      JSON with what must answer (or SLIPWAY_SMOKE_EXPECTED)
  --release VERSION    the version that must answer

Exit codes:
  0 pass   1 something answered otherwise   2 nothing answered   3 inconclusive, or no data
  64 usage or configuration   70 a bug in the runner   130, 143 stopped by a signal
`;
