package dev.tracetoll.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.ITypeInfo;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** A value that an option does not take, in the words of those who type it and not in those of Java. */
final class WrongValue {

    private WrongValue() {}

    /** What is wrong; empty if it is not the value. */
    static Optional<String> inWords(ParameterException wrong) {
        ArgSpec argument = wrong.getArgSpec();
        if (argument == null || wrong.getValue() == null || !(wrong.getCause() instanceof TypeConversionException)) {
            return Optional.empty();
        }
        String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
        ITypeInfo type = argument.typeInfo().isMultiValue()
                ? argument.typeInfo().getAuxiliaryTypeInfos().get(0)
                : argument.typeInfo();
        if (type.isEnum()) {
            return Optional.of(
                    "no " + name + " " + wrong.getValue() + "; there are " + listed(type.getEnumConstantNames()));
        }
        return Optional.of(number(type.getType())
                .map(takes -> name + " takes " + takes + ", not '" + wrong.getValue() + "'")
                .orElseGet(() -> name + ": " + reason(wrong)));
    }

    private static @Nullable String reason(Exception wrong) {
        Throwable cause = wrong.getCause();
        return (cause != null ? cause : wrong).getMessage();
    }

    private static String listed(List<String> names) {
        List<String> lower = names.stream()
                .map(each -> each.toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
        int last = lower.size() - 1;
        return last == 0 ? lower.get(0) : String.join(", ", lower.subList(0, last)) + " and " + lower.get(last);
    }

    private static Optional<String> number(Class<?> type) {
        if (Stream.of(int.class, Integer.class).anyMatch(type::equals)) {
            return Optional.of("a whole number up to " + Integer.MAX_VALUE);
        }
        if (Stream.of(long.class, Long.class).anyMatch(type::equals)) {
            return Optional.of("a whole number up to " + Long.MAX_VALUE);
        }
        return Stream.of(double.class, Double.class).anyMatch(type::equals)
                ? Optional.of("a number such as 2.5")
                : Optional.empty();
    }
}
