export { archiveFlag } from "./archive-flag.ts";
export { declareFlag, type FlagDeclaring } from "./declare-flag.ts";
export { type FlagEvent, flagHistory } from "./flag-history.ts";
export { type FlagInstance, flagInstances } from "./flag-instances.ts";
export type { FlagAuthor, FlagChanged, FlagView } from "./flag-view.ts";
export { type FlagGate, issueFlagGate } from "./issue-flag-gate.ts";
export { killFlag, killFlagsOfRelease, type ReleaseKilled } from "./kill-flag.ts";
export { newFlagEpoch } from "./new-flag-epoch.ts";
export { readFlags } from "./read-flags.ts";
export { type FlagRevival, reviveFlag } from "./revive-flag.ts";
export { type FlagChange, type FlagSetting, setFlag } from "./set-flag.ts";
export { type SegmentSetting, setSegment } from "./set-segment.ts";
export {
  type Acknowledgement,
  type AcknowledgementOptions,
  waitForAcknowledgement,
} from "./wait-for-acknowledgement.ts";
