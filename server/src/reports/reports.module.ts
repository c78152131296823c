import { Module } from '@nestjs/common';
import { CountConversation } from './counting/count-conversation.subscriber.js';
import { CountHistoryJob } from './counting/count-history.job.js';
import { CountingModule } from './counting/counting.module.js';
import { AskReports } from './queries/ask-reports.service.js';
import { LiveReportsController } from './queries/live-reports.controller.js';
import { ReportDownloadsController } from './queries/report-downloads.controller.js';
import { ReportFactsRepository } from './queries/report-facts.repository.js';
import { ReportSubject } from './queries/report-subject.service.js';
import { ReportingEventsController } from './queries/reporting-events.controller.js';
import { ReportingEventsRepository } from './queries/reporting-events.repository.js';
import { ReportsController } from './queries/reports.controller.js';
import { SummaryReportsController } from './queries/summary-reports.controller.js';
import { SumsRepository } from './queries/sums.repository.js';

/** What happened and how long it took: counted as it happens, asked for in reports. */
@Module({
  imports: [CountingModule],
  controllers: [LiveReportsController, ReportsController, ReportDownloadsController, SummaryReportsController, ReportingEventsController],
  providers: [CountConversation, CountHistoryJob, SumsRepository, ReportFactsRepository, ReportSubject, AskReports, ReportingEventsRepository],
})
export class ReportsModule {}
