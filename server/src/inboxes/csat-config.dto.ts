import { z } from 'zod';
import { freeObject, text } from '../platform/http/schema-fields.js';

/** How faces are shown to choose from. */
export const CSAT_DISPLAYS = ['emoji', 'star'] as const;
export type CsatDisplay = (typeof CSAT_DISPLAYS)[number];

const rules = z.object({ operator: z.enum(['contains', 'does_not_contain']).default('contains'), values: z.array(text(255)).max(100).default([]) });

/** An inbox's `csat_config`: the question, how it is answered, and on which conversations it is asked. What Chatwoot's clients keep beside is kept. */
export const CsatConfig = freeObject.pipe(z.looseObject({ display_type: z.enum(CSAT_DISPLAYS).optional(), message: text(1000).nullish(), survey_rules: rules.nullish() }));
export type CsatConfig = z.infer<typeof CsatConfig>;

/** Whether a conversation with these labels is asked. Without a rule every one is. */
export function asksConversation(config: CsatConfig, labels: readonly string[]): boolean {
  const { operator, values } = config.survey_rules ?? { operator: 'contains', values: [] };
  if (values.length === 0) return true;
  const hasOne = values.some((value) => labels.includes(value));
  return operator === 'contains' ? hasOne : !hasOne;
}
