/** What a flag can be worth: JSON. A release flag is a boolean; a variant may carry anything. */
export type FlagValue =
  | boolean
  | number
  | string
  | null
  | readonly FlagValue[]
  | { readonly [key: string]: FlagValue };
