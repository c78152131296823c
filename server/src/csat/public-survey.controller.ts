import { Body, Controller, Get, Inject, Param, Put } from '@nestjs/common';
import type { z } from 'zod';
import { Public } from '../identity/access/access.decorators.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { publicUrl } from '../platform/config/public-url.js';
import { answers } from '../platform/http/answers.js';
import { notFound } from '../platform/http/problem.js';
import { text } from '../platform/http/schema-fields.js';
import { Avatars } from '../platform/storage/avatars.js';
import { CSAT_DISPLAYS, type CsatDisplay } from '../inboxes/csat-config.dto.js';
import { PublicSurvey, RateConversation } from './csat.dto.js';
import { PublicSurveys } from './public-surveys.service.js';
import { questionWithoutLink, surveyLink } from './survey-link.js';
import type { ShownSurvey } from './surveys.repository.js';

const pathUuid = text(64);
export const displayOf = (survey: ShownSurvey): CsatDisplay => CSAT_DISPLAYS.find((one) => one === survey.content_attributes?.display_type) ?? 'emoji';

/** A survey's state and answer, for a page of one's own. Whoever knows the conversation's uuid may read and answer it. */
@Public()
@Controller('public/api/v1/csat_survey/:conversation_uuid')
export class PublicSurveyController {
  constructor(private readonly surveys: PublicSurveys, private readonly avatars: Avatars, @Inject(CONFIG) private readonly config: Config) {}

  @Get()
  @answers(PublicSurvey)
  async show(@Param('conversation_uuid', { schema: pathUuid }) uuid: string): Promise<PublicSurvey> {
    return this.present(await this.demand(uuid));
  }

  @Put()
  @answers(PublicSurvey)
  async rate(@Param('conversation_uuid', { schema: pathUuid }) uuid: string, @Body({ schema: RateConversation }) body: z.infer<typeof RateConversation>): Promise<PublicSurvey> {
    await this.surveys.answer(await this.demand(uuid), body.message.submitted_values);
    return this.present(await this.demand(uuid));
  }

  private async demand(uuid: string): Promise<ShownSurvey> {
    const survey = await this.surveys.find(uuid);
    if (!survey) throw notFound();
    return survey;
  }

  private present(survey: ShownSurvey): PublicSurvey {
    const { account_id, conversation_id, message_id, rating, feedback_message, assigned_agent_id } = survey;
    return {
      id: message_id, display_type: displayOf(survey), content: questionWithoutLink(survey.content, surveyLink(publicUrl(this.config), survey.uuid)),
      inbox_avatar_url: this.avatars.url(survey.avatar_key), inbox_name: survey.inbox_name, locale: survey.account_locale, conversation_id, created_at: survey.message_created_at.toISOString(),
      csat_survey_response: rating === null ? null : {
        id: survey.id, account_id, conversation_id, message_id, rating, feedback_message, assigned_agent_id, created_at: survey.answered_at!.toISOString(), updated_at: survey.updated_at.toISOString(),
      },
    };
  }
}
