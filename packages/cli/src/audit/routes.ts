import { buildRouteMap } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { auditExportCommand } from "./export-command.ts";
import { auditVerifyCommand } from "./verify-command.ts";

/** `slipway audit` and its verbs. */
export const auditRoutes = buildRouteMap<string, CliContext>({
  routes: { verify: auditVerifyCommand, export: auditExportCommand },
  docs: { brief: "The hash-chained record of who did what" },
});
