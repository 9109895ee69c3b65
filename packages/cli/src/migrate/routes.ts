import { buildRouteMap } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { baselineCommand } from "./baseline/command.ts";
import { durationsCommand } from "./durations/command.ts";
import { importCommand } from "./import/command.ts";
import { lintCommand } from "./lint/command.ts";
import { newCommand } from "./new/command.ts";
import { proveCommand } from "./prove/command.ts";
import { repairCommand } from "./repair/command.ts";
import { saveListCommand } from "./save/list-command.ts";
import { saveRemoveCommand } from "./save/remove-command.ts";
import { saveShowCommand } from "./save/show-command.ts";
import { squashCommand } from "./squash/command.ts";
import { statusCommand } from "./status/command.ts";
import { testCommand } from "./test/command.ts";

/** `slipway migrate …`: what is done with migrations between two releases. */
export const migrateRoutes = buildRouteMap<string, CliContext>({
  routes: {
    new: newCommand,
    import: importCommand,
    lint: lintCommand,
    prove: proveCommand,
    status: statusCommand,
    durations: durationsCommand,
    baseline: baselineCommand,
    squash: squashCommand,
    repair: repairCommand,
    test: testCommand,
    save: buildRouteMap<string, CliContext>({
      routes: { list: saveListCommand, show: saveShowCommand, remove: saveRemoveCommand },
      docs: { brief: "What lossy rollbacks saved" },
    }),
  },
  docs: { brief: "Write and check migrations" },
});
