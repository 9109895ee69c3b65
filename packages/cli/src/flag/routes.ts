import { buildRouteMap } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
import { flagHistoryCommand } from "./history.ts";
import { importCommand } from "./import.ts";
import { killCommand } from "./kill.ts";
import { listCommand } from "./list.ts";
import { offCommand } from "./off.ts";
import { onCommand } from "./on.ts";
import { rampCommand } from "./ramp.ts";
import { reviveCommand } from "./revive.ts";
import { setCommand } from "./set.ts";
import { showCommand } from "./show.ts";

/** `slipway flag` and its verbs. */
export const flagRoutes = buildRouteMap<string, CliContext>({
  routes: {
    kill: killCommand,
    on: onCommand,
    off: offCommand,
    set: setCommand,
    ramp: rampCommand,
    list: listCommand,
    show: showCommand,
    history: flagHistoryCommand,
    revive: reviveCommand,
    import: importCommand,
  },
  docs: { brief: "Switches of a running release: off in under a second, without a deployment" },
});
