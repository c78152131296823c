import { Injectable, type OnModuleInit } from '@nestjs/common';
import { INTERACTIVE } from '../../channels/contract/interactive-items.js';
import { unprocessable } from '../../platform/http/problem.js';
import { QuestionKinds } from '../visitor-thread/question-kinds.js';
import { takeChoice, takeFields } from './answers.js';
import { FormPatterns } from './form-patterns.js';

/** Takes what contacts choose and fill in, held against what they were asked. */
@Injectable()
export class TakeInteractive implements OnModuleInit {
  constructor(private readonly kinds: QuestionKinds, private readonly patterns: FormPatterns) {}

  onModuleInit(): void {
    this.kinds.add('input_select', {
      take: async (_tx, { attributes }, submitted) => takeChoice(askedOf('input_select', attributes).items, submitted),
    });
    this.kinds.add('form', {
      take: async (tx, { attributes }, submitted) => takeFields(askedOf('form', attributes).items, submitted, (pattern, value) => this.patterns.matches(tx.accountId, pattern, value)),
    });
  }
}

/** Messages from before items were looked at may ask for nothing that could be answered. */
function askedOf<Kind extends 'input_select' | 'form'>(kind: Kind, attributes: Record<string, unknown>) {
  const asked = INTERACTIVE[kind].safeParse(attributes);
  if (!asked.success) throw unprocessable('This question cannot be answered.');
  return asked.data as ReturnType<(typeof INTERACTIVE)[Kind]['parse']>;
}
