// Loaded first: what Node compiles of the modules after it is kept for the next start, which then takes half the time.
// Plain JavaScript, so that nothing has to be stripped of types before the cache is there; and in the user's own
// folder, since others can write to the one in the temporary folder that Node would take.
const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { join } = require("node:path");

try {
  enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "slipway", "compiled"));
} catch {
  // A user without a home: everything is compiled at each start.
}
