import { Module } from '@nestjs/common';
import { CannedResponsesController } from './canned-responses/canned-responses.controller.js';
import { CannedResponsesRepository } from './canned-responses/canned-responses.repository.js';
import { SavedFiltersController } from './saved-filters/saved-filters.controller.js';
import { SavedFiltersRepository } from './saved-filters/saved-filters.repository.js';

/** What saves work: canned responses and saved filters. */
@Module({
  controllers: [CannedResponsesController, SavedFiltersController],
  providers: [CannedResponsesRepository, SavedFiltersRepository],
})
export class AutomationModule {}
