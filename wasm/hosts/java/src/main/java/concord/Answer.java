package concord;

/** An answer is one of four, told apart by its type. None has a value that stands for the others. */
public sealed interface Answer permits Value, None, Unknown, Verdict {
    /** The answer in words and, where they were asked for, reasons and citation. */
    Words words();

    /** Whether nothing more needs to be known. */
    default boolean isKnown() {
        return !(this instanceof Unknown || this instanceof Verdict of && of.verdict().equals("unknown"));
    }
}
