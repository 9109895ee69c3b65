/** Inputs or outputs of a resource as Pulumi's protocol carries them: plain JSON, in which objects with a signature stand for more. */
export type Properties = Record<string, unknown>;

/** The member that marks an object as a secret, an asset, an archive or a reference. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
export const ASSET = "c44067f5952c0a294b673a41bacd8c17";
export const ARCHIVE = "0def7320c3a5731c473e5ecbe6d01bc7";

/** Stands for a value that a preview does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

// The protocol has one such text for every type of the value that is not known.
const unknowns: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object that stands for something else, as its signature says. */
export type Marked = Properties & { readonly [SIGNATURE]: string };

function hasSignature(value: unknown, signature: string): value is Marked {
  return isObject(value) && value[SIGNATURE] === signature;
}

export const isSecret = (value: unknown): value is Marked => hasSignature(value, SECRET);
export const isAsset = (value: unknown): value is Marked => hasSignature(value, ASSET);
export const isArchive = (value: unknown): value is Marked => hasSignature(value, ARCHIVE);
export const isUnknown = (value: unknown): boolean => unknowns.has(value);

/** Marks a value as secret; one that is secret already stays as it is. */
export function secret(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** Whether the test holds for the value or for anything inside it, secrets opened. */
function anywhere(value: unknown, test: (value: unknown) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((item) => anywhere(item, test));
  return isObject(value) && Object.values(value).some((member) => anywhere(member, test));
}

export const containsSecret = (value: unknown): boolean => anywhere(value, isSecret);
export const containsUnknown = (value: unknown): boolean => anywhere(value, isUnknown);

/** The value without any mark of secrecy, for use; never for what is given back to the engine. */
export function reveal(value: unknown): unknown {
  if (isSecret(value)) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, reveal(member)]));
}

/** Every text and number inside the secrets of a value: what must not be shown. */
export function secretTexts(value: unknown, inSecret = false): string[] {
  if (isSecret(value)) return secretTexts(value.value, true);
  if (Array.isArray(value)) return value.flatMap((item) => secretTexts(item, inSecret));
  if (isObject(value)) return Object.values(value).flatMap((member) => secretTexts(member, inSecret));
  if (!inSecret || isUnknown(value)) return [];
  return typeof value === "string" || typeof value === "number" ? [String(value)] : [];
}

/** The properties without `null` and `undefined` members, which the protocol treats as absent. */
export function withoutNulls(properties: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([key, member]) => [key, isObject(member) ? withoutNulls(member) : member]),
  );
}
