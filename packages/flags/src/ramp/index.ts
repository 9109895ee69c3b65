export { commandMetric } from "./command-metric.ts";
export { type DriveOptions, driveRamp, type FailedQuery } from "./drive-ramp.ts";
export { judgeMetric } from "./judge-metric.ts";
export type { MetricQuery, MetricRequest } from "./metric-query.ts";
export { planRamp, type RampInput, type RampMove } from "./plan-ramp.ts";
export type { Ramp, RampStatus, RampStep, StepVerdict } from "./ramp.ts";
export {
  beatRamp,
  leaveRamp,
  moveRamp,
  type RampDriver,
  type RampRequest,
  type RampView,
  readRamp,
  startRamp,
  takeRamp,
} from "./ramp-store.ts";
