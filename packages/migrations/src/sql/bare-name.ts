/** A name as SQL writes it, quoted or not: the source of a regular expression, which has to ignore case. */
export const NAME_PATTERN = '(?:[a-z_][a-z0-9_$]*|"(?:[^"]|"")+")';

/**
 * A name as the catalog has it.
 *
 * @example
 * bareName('"Odd ""name"""'); // 'Odd "name"'
 * bareName("Orders"); // "orders"
 */
export function bareName(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();
}
