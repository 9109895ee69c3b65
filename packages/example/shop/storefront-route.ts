import type { Database } from "./database.ts";
import type { NameColumn } from "./product-routes.ts";
import type { Route } from "./route.ts";

/** The page that customers see. */
export function storefrontRoute(database: Database, column: NameColumn): Route {
  return {
    method: "GET",
    path: "/shop",
    summary: "The products as a page",
    answer: async () => {
      const rows = await database.query<{ name: string; cents: number }>(
        `select ${column} as name, price_cents as cents from products order by id limit 1000`,
      );
      const items = rows.map(
        ({ name, cents }) => `<li>${escapeHtml(name)} <b>${(cents / 100).toFixed(2)}</b></li>`,
      );
      const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><h1>Shop</h1><ul>${items.join("")}</ul></html>`;
      return { html };
    },
  };
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
