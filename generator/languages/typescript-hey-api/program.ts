import { readFileSync } from "node:fs";
import { client } from "./client/client.gen.js";
import { listIncidents, type ListIncidentsRequestBody } from "./client/index.js";

const { COC_ENDPOINT = "https://coc.myhuaweicloud.com", COC_AUTH_TOKEN = "", COC_EXAMPLE = "example.json" } = process.env;
client.setConfig({ baseUrl: COC_ENDPOINT, headers: { "X-Auth-Token": COC_AUTH_TOKEN }, throwOnError: true });

async function list(body: ListIncidentsRequestBody) {
  const { data } = await listIncidents({ body, throwOnError: true });
  return { total: data.data?.total ?? 0, tickets: data.data?.tickets ?? [] };
}

const example = await list(JSON.parse(readFileSync(COC_EXAMPLE, "utf8")));
const [first, second] = [await list({ page: 1, per_page: 100 }), await list({ page: 2, per_page: 100 })];
const ids = new Set([...first.tickets, ...second.tickets].map((ticket) => ticket.ticket_id));
if (example.tickets.length === 0 || ids.size !== 200) throw new Error(`wrong answer: ${ids.size} tickets on two pages`);
console.log(`${example.total} tickets like the example, ${first.total} in all`);
