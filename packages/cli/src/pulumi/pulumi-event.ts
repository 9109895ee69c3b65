/** One thing that Pulumi did, reduced to what Slipway shows. */
export type PulumiEvent =
  | { readonly kind: "start" | "done" | "failed"; readonly resource: string; readonly operation: string }
  | {
      readonly kind: "message";
      readonly resource: string | null;
      readonly severity: "info" | "warning" | "error";
      readonly text: string;
    };

/**
 * Reads one line of `--json`; null for what is not shown to people: what stays as it is, the stack and the
 * component around the steps, and debug messages.
 */
export function parseEvent(line: string): PulumiEvent | null {
  let event: EngineEvent;
  try {
    event = JSON.parse(line) as EngineEvent;
  } catch {
    // Pulumi prints a few plain lines before its first event.
    return null;
  }
  const steps = {
    start: event.resourcePreEvent,
    done: event.resOutputsEvent,
    failed: event.resOpFailedEvent,
  } as const;
  for (const kind of ["start", "done", "failed"] as const) {
    const metadata = steps[kind]?.metadata;
    if (metadata === undefined) continue;
    return isStep(metadata) ? { kind, resource: nameOf(metadata.urn), operation: metadata.op } : null;
  }
  return event.diagnosticEvent === undefined ? null : messageOf(event.diagnosticEvent);
}

function isStep({ op, new: made, old }: StepMetadata): boolean {
  return op !== "same" && (made ?? old)?.custom === true;
}

function messageOf({ urn, severity, message }: Diagnostic): PulumiEvent | null {
  const text = message.trimEnd();
  if (severity === "debug" || text === "") return null;
  return {
    kind: "message",
    resource: urn ? nameOf(urn) : null,
    severity: severity === "error" || severity === "warning" ? severity : "info",
    text,
  };
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly old?: { readonly custom?: boolean } | null;
  readonly new?: { readonly custom?: boolean } | null;
}

interface Diagnostic {
  readonly urn?: string;
  readonly severity: string;
  readonly message: string;
}

interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata };
  readonly resOpFailedEvent?: { readonly metadata: StepMetadata };
  readonly diagnosticEvent?: Diagnostic;
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;
