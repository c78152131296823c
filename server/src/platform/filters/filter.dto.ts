import { z } from 'zod';
import { freeObject, tellsError, text } from '../http/schema-fields.js';

export const OPERATORS = [
  'equal_to', 'not_equal_to', 'contains', 'does_not_contain', 'starts_with', 'is_present', 'is_not_present', 'is_greater_than', 'is_less_than', 'days_before', 'attribute_changed',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** More conditions or values than anybody picks by hand. */
export const MAX_CONDITIONS = 50;
const MAX_VALUES = 500;

const value = z.union([text(1000), z.number(), z.boolean()]);
/** One value also without a list around it; none where the operator needs none. */
const values = z.preprocess((v) => (v === undefined || v === null || v === '' ? [] : Array.isArray(v) || (typeof v === 'object') ? v : [v]), z.union([z.array(value).max(MAX_VALUES), freeObject]));

/** One line of a filter. `query_operator` joins it with the next; "and" binds tighter than "or". */
export const Condition = z.object({
  attribute_key: text(255), filter_operator: text(50), values, query_operator: text(10).nullish(), custom_attribute_type: text(50).nullish(), attribute_model: text(50).nullish(),
}).meta({ id: 'FilterCondition' });
export type Condition = z.infer<typeof Condition>;

export const Conditions = z.array(Condition).max(MAX_CONDITIONS);
export const FilterBody = tellsError(z.object({ payload: Conditions.min(1, 'cannot be empty') }));
