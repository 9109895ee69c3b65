// Ends real `pulumi up` runs at random moments: the command, its plugin, or both. `slipway up` has to find
// out, take the dead run's lock and lease away, and converge.
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { expectSettled } from "../../testing/expect-settled.ts";
import { descendants, gone, kill9, pulumiProcesses } from "../../testing/processes.ts";
import { ended, type ScratchProject } from "../../testing/scratch-project.ts";
import { shopHeads, shopProject, shopReleases } from "../../testing/shop.ts";
import { type Draw, testDraw } from "../../testing/test-draw.ts";

const fingerprints = new Map<string, string>();
const draw: Draw = testDraw();
let project: ScratchProject;
/** How long a whole `pulumi up` takes here, in milliseconds. */
let whole = 0;

const settled = (version: string) => expectSettled(project, version, shopHeads[version] ?? "", fingerprints);
const up = ["up", "--stack", "dev", "--yes", "--skip-preview"];

beforeAll(async () => {
  project = await shopProject(shopReleases.filter(({ version }) => ["1.0.0", "1.1.0"].includes(version)));
  expect(await project.slipway(["up", "--yes"])).toMatchObject({ code: 0 });
  await settled("1.0.0");
  project.pin("1.1.0");
  const begun = performance.now();
  expect(await project.pulumi(up)).toMatchObject({ code: 0 });
  whole = performance.now() - begun;
  await settled("1.1.0");
});
afterAll(async () => {
  await project.remove();
});

test.each([
  ["the command", "1.0.0"],
  ["the plugin", "1.1.0"],
  ["both", "1.0.0"],
  ["the command", "1.1.0"],
  ["slipway", "1.0.0"],
] as const)("%s killed at a random moment on the way to %s: slipway up converges", async (victim, to) => {
  project.pin(to);
  const started = victim === "slipway" ? project.start(["up", "--yes"]) : project.startPulumi(up);
  const end = ended(started);
  await sleep(whole * draw.between(0.2, 0.95));
  const below = descendants(started.pid ?? 0);
  const { cli, provider } = pulumiProcesses(below);
  if (victim === "slipway") started.kill("SIGKILL");
  if (victim === "the command" || victim === "both") await kill9(cli);
  if (victim === "the plugin" || victim === "both") await kill9(provider);
  await end;
  // What lost its command ends by itself, and until then the environment is its; only the language host lingers.
  for (const pid of [cli, provider]) await gone(pid);
  for (const { pid, command } of below) if (command.includes("pulumi-language-nodejs")) await kill9(pid);
  const { code, stdout, stderr } = await project.slipway(["up", "--yes"]);
  expect(code, `seed ${draw.seed}: ${stderr}${stdout}`).toBe(0);
  await settled(to);
});
