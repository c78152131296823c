import { Body, Controller, Get, Headers, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Public } from '../identity/access/access.decorators.js';
import { CONFIG, type Config } from '../platform/config/config.js';
import { publicUrl } from '../platform/config/public-url.js';
import { Problem } from '../platform/http/problem.js';
import { formPageHeaders } from '../platform/pages/page-headers.js';
import { Avatars } from '../platform/storage/avatars.js';
import { acceptedLanguages, languageOf, surveyWords } from './csat.words.js';
import { displayOf } from './public-survey.controller.js';
import { PublicSurveys } from './public-surveys.service.js';
import { questionWithoutLink, surveyLink } from './survey-link.js';
import { surveyPage, type SurveyPage } from './survey.page.js';
import type { ShownSurvey } from './surveys.repository.js';

// What is no rating is answered with a page that a person can read.
const ShowQuery = z.object({ change: z.unknown().optional() });
const Answer = z.object({ rating: z.unknown().optional(), feedback_message: z.unknown().optional() });
const pathText = z.string();

/** The page behind a survey's link. A plain form: it works in every browser, without scripts. */
@Public()
@Controller('survey/responses/:conversation_uuid')
export class SurveyPageController {
  private readonly headers: Record<string, string>;

  constructor(private readonly surveys: PublicSurveys, private readonly avatars: Avatars, @Inject(CONFIG) private readonly config: Config) {
    this.headers = formPageHeaders(config.PUBLIC_URL?.startsWith('https:') ?? false);
  }

  @Get()
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The page.' })
  async show(
    @Param('conversation_uuid', { schema: pathText }) uuid: string, @Query({ schema: ShowQuery }) query: z.infer<typeof ShowQuery>, @Headers('accept-language') accepted: string | undefined, @Res() reply: FastifyReply,
  ): Promise<void> {
    const survey = await this.surveys.find(uuid);
    if (!survey) return this.send(reply, 404, accepted, 'missing');
    if (!this.surveys.isOpen(survey)) return this.send(reply, 200, accepted, 'over', survey);
    return this.send(reply, 200, accepted, survey.rating === null || query.change !== undefined ? 'ask' : 'thanks', survey);
  }

  @Post()
  @ApiProduces('text/html')
  @ApiResponse({ status: 303, description: 'Kept. Leads back to the page, which says thank you.' })
  async answer(
    @Param('conversation_uuid', { schema: pathText }) uuid: string, @Body({ schema: Answer }) body: z.infer<typeof Answer>, @Headers('accept-language') accepted: string | undefined, @Res() reply: FastifyReply,
  ): Promise<void> {
    const survey = await this.surveys.find(uuid);
    if (!survey) return this.send(reply, 404, accepted, 'missing');
    try {
      await this.surveys.answer(survey, { csat_survey_response: { rating: body.rating, feedback_message: body.feedback_message } });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (!this.surveys.isOpen(survey)) return this.send(reply, 422, accepted, 'over', survey);
      const words = surveyWords(this.languageFor(accepted, survey));
      return this.send(reply, 422, accepted, 'ask', survey, error.attributes.some((name) => name.endsWith('.rating')) ? words.choose : words.failed);
    }
    void reply.headers(this.headers).redirect(surveyLink('', survey.uuid), 303);
  }

  private send(reply: FastifyReply, status: number, accepted: string | undefined, state: SurveyPage['state'], survey?: ShownSurvey, problem?: string): void {
    const language = this.languageFor(accepted, survey);
    void reply.status(status).headers({ ...this.headers, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', 'Content-Language': language }).send(surveyPage({
      language, words: surveyWords(language), state, problem, survey: survey && {
        inboxName: survey.inbox_name, avatarUrl: this.avatars.url(survey.avatar_key), question: questionWithoutLink(survey.content, surveyLink(publicUrl(this.config), survey.uuid)),
        display: displayOf(survey), rating: survey.rating, feedback: survey.feedback_message ?? '', mayChange: true,
      },
    }));
  }

  private languageFor(accepted: string | undefined, survey: ShownSurvey | undefined): ReturnType<typeof languageOf> {
    return languageOf(...acceptedLanguages(accepted), survey?.browser_language, survey?.account_locale);
  }
}
