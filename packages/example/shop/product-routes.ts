import type { Database } from "./database.ts";
import { found, idOf, integerOf, textOf } from "./input.ts";
import type { Route } from "./route.ts";

/** The column that holds a product's name. Callers of the API see `name` in every release. */
export type NameColumn = "name" | "title";

const MAX_PRICE_CENTS = 100_000_000;

/** Listing, reading, adding and renaming products. */
export function productRoutes(database: Database, column: NameColumn): Route[] {
  const select = `select id, ${column} as name, price_cents as "priceCents" from products`;
  return [
    {
      method: "GET",
      path: "/products",
      summary: "All products",
      answer: async () => ({ json: await database.query(`${select} order by id limit 1000`) }),
    },
    {
      method: "GET",
      path: "/products/:id",
      summary: "One product",
      answer: async ({ params }) => ({
        json: found(await database.query(`${select} where id = $1`, [idOf(params)])),
      }),
    },
    {
      method: "POST",
      path: "/products",
      summary: "Add a product: {name, priceCents}",
      answer: async ({ body }) => {
        const given = await body();
        const values = [textOf(given, "name", 200), integerOf(given, "priceCents", 0, MAX_PRICE_CENTS)];
        const insert = `insert into products (${column}, price_cents) values ($1, $2)`;
        const rows = await database.query(
          `${insert} returning id, ${column} as name, price_cents as "priceCents"`,
          values,
        );
        return { status: 201, json: found(rows) };
      },
    },
    {
      method: "PUT",
      path: "/products/:id/name",
      summary: "Rename a product: {name}",
      answer: async ({ params, body }) => {
        const name = textOf(await body(), "name", 200);
        const update = `update products set ${column} = $2 where id = $1`;
        const rows = await database.query(`${update} returning id, ${column} as name`, [idOf(params), name]);
        return { json: found(rows) };
      },
    },
  ];
}
