import { Module } from '@nestjs/common';
import { CsatResponsesController } from './csat-responses.controller.js';
import { PublicSurveyController } from './public-survey.controller.js';
import { PublicSurveys } from './public-surveys.service.js';
import { ResponsesRepository } from './responses.repository.js';
import { SendSurvey } from './send-survey.subscriber.js';
import { SurveyPageController } from './survey-page.controller.js';
import { SurveysRepository } from './surveys.repository.js';
import { TakeRating } from './take-rating.service.js';

/** Asking people how it was, and what they answered. */
@Module({
  controllers: [CsatResponsesController, PublicSurveyController, SurveyPageController],
  providers: [SurveysRepository, ResponsesRepository, PublicSurveys, SendSurvey, TakeRating],
})
export class CsatModule {}
