import { SlipwayError } from "@slipway/kernel";
import {
  type ApplicationText,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";

/** What the argument parser says to people, and what it complained of. */
export interface UsageText {
  readonly text: ApplicationText;
  /** The one error that its complaints come to; null when there were none. */
  error(): SlipwayError | null;
}

interface Complaint {
  readonly why: string;
  readonly todo?: string | undefined;
}

/**
 * The texts of the argument parser. Its errors are gathered and not written, so that a command line that is
 * not understood is told like every other error: with code, reason and next step.
 *
 * @param command the verb that was given, to name its help: `audit verify`.
 */
export function usageText(command: string): UsageText {
  const complaints: Complaint[] = [];
  let bug: unknown;
  const gather = (complaint: Complaint): string => {
    complaints.push(complaint);
    return "";
  };
  const broken = (error: unknown): string => {
    bug = error;
    return "";
  };
  const words = ["slipway", ...(command === "" ? [] : [command])].join(" ");
  const text: ApplicationText = {
    ...text_en,
    briefs: {
      ...text_en.briefs,
      help: "Print this help and exit",
      version: "Print the version and exit",
      argumentEscapeSequence: "Everything after it is a word, not a flag",
    },
    noCommandRegisteredForInput: ({ input, corrections }) =>
      gather({
        why: `there is no command "${input}"`,
        todo: didYouMean(corrections.map((name) => `${words} ${name.replaceAll("`", "")}`)),
      }),
    exceptionWhileParsingArguments: (error) =>
      error instanceof ArgumentScannerError
        ? gather({ why: whyNot(error), todo: didYouMean(correctionsOf(error)) })
        : broken(error),
    exceptionWhileLoadingCommandFunction: broken,
    exceptionWhileLoadingCommandContext: broken,
    exceptionWhileRunningCommand: broken,
  };
  return {
    text,
    error() {
      if (bug !== undefined) throw bug;
      if (complaints.length === 0) return null;
      return new SlipwayError("USAGE", {
        what: "Cannot understand the command line",
        why: complaints.map(({ why }) => why).join("; "),
        todo: complaints.find(({ todo }) => todo !== undefined)?.todo ?? `${words} --help`,
      });
    },
  };
}

const whyNot = (error: ArgumentScannerError): string =>
  formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input }) => `there is no flag --${input}`,
    AliasNotFoundError: ({ input }) => `there is no flag -${input}`,
    UnsatisfiedFlagError: ({ externalFlagName }) => `--${externalFlagName} needs a value`,
    UnexpectedFlagError: ({ externalFlagName }) => `--${externalFlagName} is given twice`,
    UnsatisfiedPositionalError: ({ placeholder }) => `<${placeholder}> is missing`,
    UnexpectedPositionalError: ({ input }) => `"${input}" is one word too many`,
    EnumValidationError: ({ externalFlagName, input, values }) =>
      `--${externalFlagName} has to be one of ${values.join(", ")}, and is "${input}"`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder, input, exception }) =>
      `--${externalFlagNameOrPlaceholder} "${input}": ${exception instanceof Error ? exception.message : String(exception)}`,
  });

function correctionsOf(error: ArgumentScannerError): string[] {
  const { corrections = [] } = error as { corrections?: readonly string[] };
  return corrections.map((name) => `--${name.replace(/^--/, "")}`);
}

const didYouMean = (words: readonly string[]): string | undefined =>
  words.length === 0 ? undefined : `Did you mean ${words.join(" or ")}?`;
