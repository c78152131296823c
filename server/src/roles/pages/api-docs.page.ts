import type { OpenAPIObject } from '@nestjs/swagger';

interface Parameter { name: string; in: string; required?: boolean; schema?: unknown }
interface Operation {
  summary?: string; description?: string; tags?: string[]; security?: unknown[]; parameters?: Parameter[];
  requestBody?: { content?: Record<string, { schema?: unknown }> }; responses?: Record<string, { description?: string; content?: Record<string, { schema?: unknown }> }>;
}
interface Listed { method: string; path: string; operation: Operation }

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem;color:#292524;background:#fafaf9}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #e7e5e4}nav{columns:12rem;margin:1rem 0}nav a{display:block}a{color:inherit}
details{background:#fff;border:1px solid #e7e5e4;border-radius:8px;margin:.4rem 0;padding:.4rem .7rem}summary{cursor:pointer;overflow-wrap:anywhere}
summary:focus-visible,a:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}b{display:inline-block;min-width:4.2rem;font-size:.8rem}code,pre{font:13px/1.45 ui-monospace,monospace}
pre{overflow-x:auto;background:#f5f5f4;border-radius:8px;padding:.7rem}table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0;vertical-align:top}
@media(prefers-color-scheme:dark){body{color:#e7e5e4;background:#0c0a09}details{background:#1c1917;border-color:#44403c}h2{border-color:#44403c}pre{background:#292524}}`;

const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const anchor = (text: string): string => encodeURIComponent(text.toLowerCase());
/** Paths are grouped by the thing they are about: the first word after the account. */
const groupOf = (path: string): string => path.replace(/^\/(api\/v\d\/)?(accounts\/\{account_id\}\/?)?/, '').split('/').find((part) => part !== '' && !part.startsWith('{')) ?? 'account';

/** The description as one page without scripts: every operation folded, with what goes in and what comes out. */
export function apiDocsPage(document: OpenAPIObject): string {
  const schemas = (document.components?.schemas ?? {}) as Record<string, unknown>;
  const groups = new Map<string, Listed[]>();
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item as Record<string, Operation>)) {
      const group = groupOf(path);
      groups.set(group, [...groups.get(group) ?? [], { method: method.toUpperCase(), path, operation }]);
    }
  }
  const sorted = [...groups].sort(([a], [b]) => a.localeCompare(b));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Porchlight API</title><style>${STYLE}</style></head><body>
<h1>Porchlight API</h1><p>${escape(document.info.description ?? '')} The same as a file: <a href="/api/openapi.json">openapi.json</a>.</p>
<p>Programs send the header <code>api_access_token</code>. Refusals are 401 (who asks may not), 404, 422 (what was sent is wrong) and 429, each with its reason. Every POST may carry an <code>Idempotency-Key</code>: repeated within a day, it is done once and answered the same.</p>
<nav aria-label="Contents">${sorted.map(([name]) => `<a href="#${anchor(name)}">${escape(name)}</a>`).join('')}</nav>
<main>${sorted.map(([name, list]) => `<section><h2 id="${anchor(name)}">${escape(name)}</h2>${list.map((one) => operationOf(one, schemas)).join('')}</section>`).join('')}</main></body></html>`;
}

function operationOf({ method, path, operation }: Listed, schemas: Record<string, unknown>): string {
  const parameters = (operation.parameters ?? []).map((p) => `<tr><td><code>${escape(p.name)}</code></td><td>${escape(p.in)}${p.required ? ', required' : ''}</td></tr>`).join('');
  const bodies = Object.entries(operation.requestBody?.content ?? {}).slice(0, 1).map(([type, { schema }]) => `<p>Body, ${escape(type)}:</p>${shown(schema, schemas)}`).join('');
  const answers = Object.entries(operation.responses ?? {}).filter(([status]) => /^[23]/.test(status)).map(([status, answer]) => `<p>Answer ${escape(status)} ${escape(answer.description ?? '')}</p>${shown(Object.values(answer.content ?? {})[0]?.schema, schemas)}`).join('');
  return `<details><summary><b>${method}</b> <code>${escape(path)}</code></summary>${parameters && `<table>${parameters}</table>`}${bodies}${answers}</details>`;
}

function shown(schema: unknown, schemas: Record<string, unknown>): string {
  return schema === undefined ? '' : `<pre>${escape(outline(schema, schemas, '', 0))}</pre>`;
}

type Schema = { $ref?: string; type?: string; properties?: Record<string, unknown>; required?: string[]; items?: unknown; enum?: unknown[]; anyOf?: unknown[]; oneOf?: unknown[]; nullable?: boolean };

/** A schema as people write JSON by hand: names, types, and ? where something may be left out. */
function outline(given: unknown, schemas: Record<string, unknown>, indent: string, depth: number): string {
  const schema = given as Schema;
  if (schema.$ref) {
    const name = schema.$ref.split('/').at(-1)!;
    return depth > 2 ? name : outline(schemas[name] ?? {}, schemas, indent, depth + 1);
  }
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives.map((one) => outline(one, schemas, indent, depth)).join(' | ');
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(' | ');
  const empty = schema.nullable ? ' | null' : '';
  if (schema.type === 'array') return `[${outline(schema.items ?? {}, schemas, indent, depth)}]${empty}`;
  if (!schema.properties) return (schema.type ?? 'anything') + empty;
  const lines = Object.entries(schema.properties).map(([name, one]) => `${indent}  ${name}${schema.required?.includes(name) ? '' : '?'}: ${outline(one, schemas, `${indent}  `, depth)}`);
  return `{\n${lines.join('\n')}\n${indent}}${empty}`;
}
