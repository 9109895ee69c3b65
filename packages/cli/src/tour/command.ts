import { buildCommand } from "@stricli/core";
import type { CliContext } from "../cli-context.ts";
export const tourCommand = buildCommand<Record<never, never>, [], CliContext>({ docs: { brief: "tour" }, parameters: {}, func() {} });
