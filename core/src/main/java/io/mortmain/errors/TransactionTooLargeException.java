package io.mortmain.errors;

/**
 * A transaction would change more words than its object's journal has room for. Nothing was changed. The cure: change less at once, or
 * create the object anew with a larger journal: an array for more elements per transaction, a heap with a larger size.
 */
public final class TransactionTooLargeException extends MortmainException {
    private static final long serialVersionUID = 1L;

    public TransactionTooLargeException(String message) {
        super(message);
    }
}
