import { Injectable } from '@nestjs/common';
import { SubmitAnswer } from '../conversations/visitor-thread/visitor-thread.service.js';
import { Clock } from '../platform/clock/clock.js';
import { accountId } from '../platform/database/account-id.js';
import { SystemWork, UnitOfWork } from '../platform/database/unit-of-work.js';
import { OPEN_MS } from './take-rating.service.js';
import { SurveysRepository, type ShownSurvey } from './surveys.repository.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Surveys for who has nothing but the conversation's own link. */
@Injectable()
export class PublicSurveys {
  constructor(
    private readonly system: SystemWork, private readonly unitOfWork: UnitOfWork, private readonly surveys: SurveysRepository, private readonly submitting: SubmitAnswer, private readonly clock: Clock,
  ) {}

  /** Undefined when there is no such conversation, or it was not asked. */
  async find(uuid: string): Promise<ShownSurvey | undefined> {
    const place = UUID.test(uuid) ? await this.system.run((tx) => this.surveys.placeOf(tx, uuid)) : undefined;
    return place && this.unitOfWork.run(accountId(place.account_id), (tx) => this.surveys.shown(tx, place.id));
  }

  isOpen(survey: ShownSurvey): boolean {
    return this.clock.date().getTime() - survey.sent_at.getTime() <= OPEN_MS;
  }

  /** Throws a Problem for what is no rating, and when it is too late. */
  async answer(survey: ShownSurvey, submitted: unknown): Promise<void> {
    await this.submitting.submit(survey.account_id, survey.conversation_id, survey.message_id, { submitted_values: submitted });
  }
}
