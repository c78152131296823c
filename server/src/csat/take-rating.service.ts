import { Injectable, type OnModuleInit } from '@nestjs/common';
import { QuestionKinds, type Question, type QuestionKind } from '../conversations/visitor-thread/question-kinds.js';
import { Clock } from '../platform/clock/clock.js';
import type { Tx } from '../platform/database/transaction.js';
import { invalid, unprocessable } from '../platform/http/problem.js';
import { SubmittedRating } from './csat.dto.js';
import { SurveysRepository } from './surveys.repository.js';

/** So long after it was sent a survey takes answers, and changes of them. */
export const OPEN_MS = 14 * 24 * 3_600_000;

/** Takes ratings, wherever they are given. */
@Injectable()
export class TakeRating implements QuestionKind, OnModuleInit {
  constructor(private readonly surveys: SurveysRepository, private readonly kinds: QuestionKinds, private readonly clock: Clock) {}

  onModuleInit(): void {
    this.kinds.add('input_csat', this);
  }

  async take(tx: Tx, question: Question, submitted: unknown): Promise<unknown> {
    const given = SubmittedRating.safeParse(submitted);
    if (!given.success) {
      const [issue] = given.error.issues;
      throw invalid(['submitted_values', ...issue!.path].join('.'), `${issue!.path.at(-1) === undefined ? 'Rating' : String(issue!.path.at(-1))}: ${issue!.message}`);
    }
    const { conversationId, messageId } = question;
    const survey = await this.surveys.lockByMessage(tx, conversationId, messageId) ?? await this.surveys.adopt(tx, conversationId, messageId);
    if (!survey) throw unprocessable('This conversation has been rated already.');
    const now = this.clock.date();
    if (now.getTime() - survey.sent_at.getTime() > OPEN_MS) throw unprocessable('You cannot update the CSAT survey after 14 days');
    const { rating, feedback_message: feedback } = given.data.csat_survey_response;
    const kept = await this.surveys.answer(tx, survey.id, { rating, feedback, now });
    return { csat_survey_response: { rating, feedback_message: kept.feedback_message ?? '' } };
  }
}
