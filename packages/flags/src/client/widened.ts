/** The type of a fallback, literals widened: `false` stands for any boolean. */
export type Widened<T> = T extends boolean
  ? boolean
  : T extends number
    ? number
    : T extends string
      ? string
      : T;
