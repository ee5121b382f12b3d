package dev.mainloop.handler;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Puts off an action until the transaction of the calling thread has committed.
 */
final class AfterCommit {

	private static final boolean transactionsPresent = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronization", AfterCommit.class.getClassLoader());

	private AfterCommit() {
	}

	/**
	 * Runs an action when the transaction has committed, not at all if it is rolled back,
	 * and at once if there is none.
	 * @param action the action, run by the calling thread
	 */
	static void run(Runnable action) {
		if (!transactionsPresent || !Commit.await(action)) {
			action.run();
		}
	}

	/**
	 * Runs an action once. What is registered while those that were registered before are
	 * told of the commit is told of the completion alone.
	 */
	private static final class Commit implements TransactionSynchronization {

		private final Runnable action;

		private boolean run;

		Commit(Runnable action) {
			this.action = action;
		}

		/** Returns false, and does nothing, if there is no transaction. */
		static boolean await(Runnable action) {
			boolean active = TransactionSynchronizationManager.isSynchronizationActive()
					&& TransactionSynchronizationManager.isActualTransactionActive();
			if (active) {
				TransactionSynchronizationManager.registerSynchronization(new Commit(action));
			}
			return active;
		}

		@Override
		public void afterCommit() {
			this.run = true;
			this.action.run();
		}

		@Override
		public void afterCompletion(int status) {
			if (status == STATUS_COMMITTED && !this.run) {
				this.action.run();
			}
		}

	}

}
