/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  /** When the process started, as {@link processStart} tells it. */
  readonly start: string | null;
  /** The machine, and the pid namespace where there are any. */
  readonly place: string;
  /** What it does, to be told to those who wait: "installs the dependencies". */
  readonly purpose: string;
  /** ISO time. */
  readonly since: string;
}

export interface LockOptions {
  readonly purpose: string;
  /** Called once per owner that is waited for. */
  readonly onWait?: ((owner: LockOwner) => void) | undefined;
  /** Ends the waiting; the work is left alone. */
  readonly signal?: AbortSignal | undefined;
}

export function withProcessLock<T>(
  folder: string,
  options: LockOptions,
  work: () => T | Promise<T>,
): Promise<T>;

export function processStart(pid: number): string | null;
