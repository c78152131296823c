import { Module } from '@nestjs/common';
import { ActionsRepository } from './actions/actions.repository.js';
import { AutomationOutside } from './actions/outside.subscriber.js';
import { RunActions } from './actions/run-actions.service.js';
import { BulkActionsController } from './bulk/bulk-actions.controller.js';
import { RunBulkTask, SweepBulkTasks } from './bulk/bulk-tasks.job.js';
import { BulkTasksRepository } from './bulk/bulk-tasks.repository.js';
import { BulkTasks } from './bulk/bulk-tasks.service.js';
import { ChangeContact } from './bulk/change-contact.service.js';
import { CannedResponsesController } from './canned-responses/canned-responses.controller.js';
import { CannedResponsesRepository } from './canned-responses/canned-responses.repository.js';
import { ActionFilesRepository } from './files/action-files.repository.js';
import { ActionFiles } from './files/action-files.service.js';
import { SendActionFiles } from './files/send-action-files.service.js';
import { SweepActionFiles } from './files/sweep-action-files.job.js';
import { UploadsController } from './files/uploads.controller.js';
import { MacrosController } from './macros/macros.controller.js';
import { MacrosRepository } from './macros/macros.repository.js';
import { ForgetRuns } from './rules/forget-runs.job.js';
import { RulesController } from './rules/rules.controller.js';
import { RulesRepository } from './rules/rules.repository.js';
import { RunRules } from './rules/run-rules.subscriber.js';
import { RunsRepository } from './rules/runs.repository.js';
import { SavedFiltersController } from './saved-filters/saved-filters.controller.js';
import { SavedFiltersRepository } from './saved-filters/saved-filters.repository.js';

/** What saves work: canned responses, saved filters, macros, bulk actions and rules. */
@Module({
  controllers: [CannedResponsesController, SavedFiltersController, MacrosController, BulkActionsController, RulesController, UploadsController],
  providers: [
    CannedResponsesRepository, SavedFiltersRepository, MacrosRepository, ActionsRepository, RunActions, AutomationOutside, BulkTasksRepository, BulkTasks, ChangeContact, RunBulkTask, SweepBulkTasks,
    RulesRepository, RunsRepository, RunRules, ForgetRuns, ActionFilesRepository, ActionFiles, SendActionFiles, SweepActionFiles,
  ],
})
export class AutomationModule {}
