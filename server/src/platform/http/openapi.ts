import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';

/** Builds the document of every route from the schemas that validate them. Throws when two schemas share a name but differ. */
export function buildOpenApi(app: INestApplication, version: string): OpenAPIObject {
  const seen = new Map<string, string>();
  const refuseTwoShapes = (name: string, body: string): void => {
    const known = seen.get(name);
    if (known !== undefined && known !== body) throw new Error(`Two schemas are named ${name} but differ. Rename one in its .meta({ id }).`);
    seen.set(name, body);
  };
  const convert = (schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) => {
    if (!(schema instanceof z.ZodType)) return undefined;
    const { $defs, definitions, $schema: _schema, ...root } = z.toJSONSchema(schema, {
      target: 'openapi-3.0', io: schemaType, unrepresentable: 'any',
      override: ({ zodSchema, jsonSchema: j }) => {
        if (zodSchema._zod.def.type === 'date') Object.assign(j, { type: 'string', format: 'date-time' });
        if (j.additionalProperties === false) delete j.additionalProperties;
        if (j.minimum === Number.MIN_SAFE_INTEGER) delete j.minimum;
        if (j.maximum === Number.MAX_SAFE_INTEGER) delete j.maximum;
      },
    }) as Record<string, unknown> & { $defs?: Record<string, object>; definitions?: Record<string, object>; $ref?: string };
    const components: Record<string, object> = { ...$defs, ...definitions };
    const id = z.globalRegistry.get(schema)?.id as string | undefined;
    if (id && !root.$ref) components[id] = root;
    for (const [name, body] of Object.entries(components)) refuseTwoShapes(name, JSON.stringify(body));
    return { schema: id ? { $ref: `#/components/schemas/${id}` } : root, components };
  };
  const config = new DocumentBuilder().setTitle('Porchlight').setVersion(version)
    .setDescription('The API of Porchlight, wire-compatible with Chatwoot.')
    .addApiKey({ type: 'apiKey', in: 'header', name: 'api_access_token', description: 'Read as Api-Access-Token too, for proxies that take headers with an underscore away.' }, 'api_access_token')
    .addCookieAuth('porchlight_session', undefined, 'session').build();
  return SwaggerModule.createDocument(app, config, { standardSchemaConverter: convert } as never);
}
