import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Route } from './declared-routes.js';
import type { Side } from './side.js';

/** What the matrix must know of a route beyond its declared access and schemas. */
export interface Expectation {
  /** A body that is taken, where none can be made up from the schema. */
  body?: object | ((side: Side) => object);
  /** A query that is taken, where the schema does not say that it must have something. */
  query?: Record<string, string>;
  /** Values for the names in the path, where the segment before does not say what they are. */
  params?: (side: Side) => Record<string, number | string>;
  /** Fields that take anything (a password as typed, say). */
  takesAnything?: string[];
  /** Fields that name something and yet take no id of the matrix's own things. */
  neverTaken?: string[];
  /** What can be done only once: a new one is made for the well-formed request. */
  usesUp?: string;
  /** It takes other things along: after all others, and those that delete last of all. */
  takesOthersAlong?: true;
  /** Fields that may name what is not there: the name is dropped and the rest is taken. */
  dropsForeign?: string[];
  /** What the well-formed request of an administrator is answered here, where it is not a 2xx. */
  answers?: number;
}

/** A part of the API that is open without signing in, and what guards it instead. */
export interface Door { under: string; because: string; headers?: (side: Side) => Record<string, string>; query?: (side: Side) => Record<string, string> }

/** What one feature tells the matrix. Most need nothing: access comes from the decorators, bodies from the zod schemas, things from POSTing to their collection. */
export interface Feature {
  /** Makes one for an account and answers its id; by the path segment before the id (`labels` for /labels/{id}). Needed where a POST to the collection does not make one. */
  things?: Record<string, (side: Side) => Promise<number | string>>;
  /** Fields and parameters that name another thing: `assignee_id: 'agents'`. Needed where `x_id(s)` is not the id of one of `xs`. `null`: it names nothing of an account. */
  names?: Record<string, string | null>;
  /** Names in paths that are proofs themselves: whoever knows another account's may use it. */
  credentials?: string[];
  routes?: Record<string, Expectation>;
  doors?: Door[];
}

/** All that the features say, in one. */
export class Features {
  private constructor(private readonly all: Feature[]) {}

  /** Reads every file of `features/`. */
  static async load(): Promise<Features> {
    const folder = join(dirname(fileURLToPath(import.meta.url)), 'features');
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts')).sort();
    const all: Feature[] = [];
    // One after the other: Jest loses modules that several ask for at the same time.
    for (const file of files) all.push(((await import(join(folder, file))) as { default: Feature }).default);
    return new Features(all);
  }

  /** Expectations of routes that are gone: their lines should go too. */
  stale(routes: Route[]): string[] {
    return this.all.flatMap((feature) => Object.keys(feature.routes ?? {})).filter((name) => !routes.some((route) => route.name === name));
  }

  of(route: Route): Expectation {
    return Object.assign({}, ...this.all.map((feature) => feature.routes?.[route.name] ?? {})) as Expectation;
  }

  door(route: Route): Door | undefined {
    if (route.access.who !== 'public') return undefined;
    return this.all.flatMap((feature) => feature.doors ?? []).find((door) => route.path === door.under || (door.under.endsWith('/') && route.path.startsWith(door.under)));
  }

  isCredential(name: string): boolean {
    return this.all.some((feature) => feature.credentials?.includes(name));
  }

  maker(thing: string): ((side: Side) => Promise<number | string>) | undefined {
    return this.all.map((feature) => feature.things?.[thing]).find(Boolean);
  }

  /** What a field or parameter of this name names: a thing, null for nothing, undefined when it looks like an id and nobody says. */
  named(path: string): string | null | undefined {
    const name = path.split('.').filter((part) => part !== '0').at(-1)!;
    for (const { names } of this.all) for (const key of [path, name]) if (names && key in names) return names[key]!;
    const plain = /^(\w+?)_ids?$/.exec(name)?.[1];
    if (plain === undefined) return null;
    // `forwarded_message_id` is the id of a message.
    const words = plain.split('_').map((_, i, all) => all.slice(i).join('_'));
    return words.flatMap((word) => [`${word}s`, `${word}es`, word.replace(/y$/, 'ies')]).find((thing) => this.maker(thing) ?? this.collections.has(thing));
  }

  /** Path segments whose POST makes one. */
  readonly collections = new Set<string>();
}
