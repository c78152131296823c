import { z } from 'zod';
import { WrittenMessage, type CreateMessage } from '../../conversations/messages/message.dto.js';

/** What an answer of Dialogflow asks to be done, in this order. */
export type DialogflowStep = { do: 'say'; message: CreateMessage } | { do: 'handoff' } | { do: 'resolve' };

/**
 * Google's console takes ten messages for one answer (cloud.google.com/dialogflow/es/docs/intents-rich-messages); a webhook of the agent may give any number. What is beyond is not
 * written, and people take over.
 */
const MAX_STEPS = 10;
const ACTIONS = ['handoff', 'resolve'] as const;
const Payload = z.object({
  action: z.enum(ACTIONS).optional().catch(undefined), content: z.string().optional(), content_type: z.string().optional(), content_attributes: z.record(z.string(), z.unknown()).optional(),
});
const Fulfilment = z.object({ text: z.object({ text: z.array(z.string()).default([]) }).optional(), payload: Payload.optional() });
const Answer = z.object({ queryResult: z.object({ fulfillmentText: z.string().optional(), fulfillmentMessages: z.array(z.unknown()).default([]) }).optional() });

/**
 * The steps of an answer. A payload is Chatwoot's: `action` (handoff, resolve), or a message with `content`, `content_type` and `content_attributes`. What is neither is left out.
 * None where the agent says nothing; undefined where it is no answer, or nothing of what it says can be a message here.
 */
export function stepsOf(answer: unknown): DialogflowStep[] | undefined {
  const result = Answer.safeParse(answer).data?.queryResult;
  if (!result) return undefined;
  const given = result.fulfillmentMessages.flatMap((one) => Fulfilment.safeParse(one).data ?? []);
  const steps = given.flatMap(({ text, payload }) => (payload ? stepOf(payload) : said({ content: text?.text[0] })));
  if (steps.length > MAX_STEPS) return [...steps.slice(0, MAX_STEPS), { do: 'handoff' }];
  if (steps.length > 0) return steps;
  const inShort = said({ content: result.fulfillmentText });
  const isSilent = ![result.fulfillmentText, ...given.map(({ text, payload }) => payload?.content ?? text?.text[0])].some((words) => words?.trim());
  return inShort.length > 0 || isSilent ? inShort : undefined;
}

const stepOf = ({ action, ...message }: z.infer<typeof Payload>): DialogflowStep[] => (action ? [{ do: action }] : said(message));

function said(given: Omit<z.infer<typeof Payload>, 'action'>): DialogflowStep[] {
  const message = WrittenMessage.safeParse(given).data ?? WrittenMessage.safeParse({ content: given.content }).data;
  return message?.content?.trim() || (message && message.content_type !== 'text') ? [{ do: 'say', message: message as CreateMessage }] : [];
}
