import type { WriteStream } from "node:tty";
import type { Progress } from "../pulumi/progress.ts";

/** What is needed of a terminal, or of a file that stands in for it. */
export type ProgressStream = Pick<WriteStream, "write"> & { readonly isTTY?: boolean };

/**
 * Writes progress for people: a line per stage. Elapsed time is written over itself in a terminal, and as
 * lines of its own elsewhere.
 */
export function progressWriter(stream: ProgressStream): { readonly write: Progress; end(): void } {
  let open = false;
  const end = () => {
    if (open) stream.write("\n");
    open = false;
  };
  return {
    end,
    write(line, kind = "stage") {
      if (kind === "elapsed" && stream.isTTY === true) {
        stream.write(`\r\u001b[K${line}`);
        open = true;
        return;
      }
      end();
      stream.write(`${line}\n`);
    },
  };
}
