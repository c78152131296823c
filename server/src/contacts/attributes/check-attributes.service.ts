import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transaction.js';
import { invalid } from '../../platform/http/problem.js';
import { calendarDay } from '../../platform/filters/calendar-day.js';
import { matchesPattern } from './attribute-pattern.js';
import { ATTRIBUTE_TYPES, type AttributeModel } from './attribute-types.js';
import { AttributesRepository, type AttributeRow } from './attributes.repository.js';

const MAX_CHECKED = 1500;

/** Holds attribute values that people and programs write to what the account has defined. What is not defined is free. */
@Injectable()
export class CheckAttributes {
  constructor(private readonly attributes: AttributesRepository) {}

  /** The values as they are stored. Throws Problem `invalid` for the first that is not of its type. */
  async checked<V extends Record<string, unknown> | undefined>(tx: Tx, model: AttributeModel, given: V): Promise<V> {
    const keys = Object.keys(given ?? {});
    if (keys.length === 0) return given;
    const values: Record<string, unknown> = { ...given };
    for (const row of await this.attributes.named(tx, model, keys)) values[row.key] = checkedValue(row, values[row.key]);
    return values as V;
  }
}

/** The values as they are stored, when the definitions are at hand. Throws Problem `invalid` for the first that is not of its type. */
export function checkedBy(definitions: readonly AttributeRow[], given: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (!given) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => {
    const row = definitions.find((definition) => definition.key === key);
    return [key, row ? checkedValue(row, value) : value];
  }));
}

/** Null and empty text take a value away. */
function checkedValue(row: AttributeRow, value: unknown): unknown {
  if (value === null || value === '') return value;
  const wrong = (what: string) => invalid(`custom_attributes.${row.key}`, `${row.display_name} ${what}`);
  const asText = (): string => {
    if (typeof value !== 'string' && typeof value !== 'number') throw wrong('should be text');
    return String(value);
  };
  switch (ATTRIBUTE_TYPES[row.display_type]!) {
    case 'text': {
      const given = asText();
      if (row.regex_pattern && (given.length > MAX_CHECKED || !matchesPattern(row.regex_pattern, given))) throw wrong(row.regex_cue || 'is not of the expected form');
      return given;
    }
    case 'number': case 'currency': case 'percent': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number) || Math.abs(number) >= 1e15) throw wrong('should be a number');
      return number;
    }
    case 'link': {
      const given = asText();
      if (!/^https?:$/.test(URL.parse(given)?.protocol ?? '')) throw wrong('should be a web address');
      return given;
    }
    case 'date': {
      const given = asText();
      if (!calendarDay(given)) throw wrong('should be a date like 2026-01-31');
      return given;
    }
    case 'list': {
      const given = asText();
      if (!row.choices.includes(given)) throw wrong(`should be one of: ${row.choices.join(', ')}`);
      return given;
    }
    case 'checkbox': {
      if (value === 'true' || value === 'false') return value === 'true';
      if (typeof value !== 'boolean') throw wrong('should be true or false');
      return value;
    }
  }
}
