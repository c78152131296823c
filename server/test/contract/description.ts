import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Schema { $ref?: string; type?: string | string[]; properties?: Record<string, Schema>; items?: Schema; allOf?: Schema[]; anyOf?: Schema[]; oneOf?: Schema[]; enum?: unknown[] }
interface Described { responses?: Record<string, { content?: Record<string, { schema?: Schema }> }> }

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const FILE = ['../shared', '../../shared'].map((folder) => join(ROOT, folder, 'reference/chatwoot-openapi.json')).find((file) => existsSync(file));

/** Where a real server differs from its description: the server wins. */
const REALLY_DIFFERENT = new Set([
  // Wrapped where the description is bare, or the other way round.
  'GET /api/v1/accounts/{account_id}/webhooks', 'POST /api/v1/accounts/{account_id}/webhooks', 'PATCH /api/v1/accounts/{account_id}/webhooks/{webhook_id}',
  'POST /api/v1/accounts/{account_id}/automation_rules', 'POST /api/v1/accounts/{account_id}/portals', 'PATCH /api/v1/accounts/{account_id}/portals/{id}',
  'POST /api/v1/accounts/{account_id}/portals/{id}/categories', 'POST /api/v1/accounts/{account_id}/portals/{id}/articles', 'POST /api/v1/accounts/{account_id}/contacts',
  'PUT /api/v1/accounts/{account_id}/contacts/{id}', 'POST /api/v1/accounts/{account_id}/integrations/hooks', 'PATCH /api/v1/accounts/{account_id}/integrations/hooks/{hook_id}',
  // Its values are numbers, described as text.
  'GET /api/v2/accounts/{account_id}/reports',
]);
/** Keys whose described type is not the real one. */
const REALLY_OF_ANOTHER_TYPE = /^(attribute_values|attribute_model|attribute_display_type|avg_\w+|reply_time|app_id|hook_type|account_id|inbox|inbox_id|current_page|working_hours)$/;

/** Chatwoot's own description, where the developer has it. */
export class Description {
  private readonly json = JSON.parse(readFileSync(FILE!, 'utf8')) as { paths: Record<string, Record<string, Described>>; components: { schemas: Record<string, Schema> } };

  static find(): Description | undefined {
    return FILE ? new Description() : undefined;
  }

  get operations(): string[] {
    return Object.entries(this.json.paths).flatMap(([path, item]) => Object.keys(item).filter((method) => /^(get|post|put|patch|delete)$/.test(method)).map((method) => `${method.toUpperCase()} ${path}`));
  }

  /** Values of an answer that are of another type than described. Null is not looked at: the description forgets to say where it may be. */
  misfits(operation: string, answer: unknown): string[] {
    if (REALLY_DIFFERENT.has(operation)) return [];
    const [method, path] = operation.split(' ') as [string, string];
    const responses = this.json.paths[path]?.[method.toLowerCase()]?.responses ?? {};
    return this.compare(Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1].content?.['application/json']?.schema, answer, '');
  }

  private compare(schema: Schema | undefined, value: unknown, at: string): string[] {
    const flat = schema && this.resolve(schema);
    if (!flat || value === null || value === undefined) return [];
    const types = [flat.type ?? []].flat();
    const isOf = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
    if (types.length > 0 && !types.includes(isOf) && !(isOf === 'integer' && types.includes('number'))) return [`${at || 'the answer'} is ${isOf}, described as ${types.join('|')}`];
    if (Array.isArray(value)) return value.flatMap((one, n) => this.compare(flat.items, one, `${at}[${n}]`));
    if (isOf !== 'object') return flat.enum && !flat.enum.includes(value) ? [`${at} is ${JSON.stringify(value)}, described as ${flat.enum.join('|')}`] : [];
    return Object.entries(flat.properties ?? {}).filter(([key]) => !REALLY_OF_ANOTHER_TYPE.test(key))
      .flatMap(([key, own]) => this.compare(own, (value as Record<string, unknown>)[key], at ? `${at}.${key}` : key));
  }

  /** One schema in place of references and of `allOf`; alternatives are not followed. */
  private resolve(schema: Schema): Schema {
    const own = schema.$ref ? this.json.components.schemas[schema.$ref.split('/').at(-1)!]! : schema;
    if (!own.allOf) return own;
    const parts = own.allOf.map((part) => this.resolve(part));
    return { ...own, type: 'object', properties: Object.assign({}, own.properties, ...parts.map((part) => part.properties)) as Record<string, Schema> };
  }
}
