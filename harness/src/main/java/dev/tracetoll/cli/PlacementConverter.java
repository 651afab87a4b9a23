package dev.tracetoll.cli;

import dev.tracetoll.results.CpuPlacement;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Placements as files have them: {@code unpinned}, {@code one-core}, {@code two-cores}. */
final class PlacementConverter implements ITypeConverter<CpuPlacement> {

    @Override
    public CpuPlacement convert(String text) {
        return Arrays.stream(CpuPlacement.values())
                .filter(each -> word(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no placement; there are "
                        + Arrays.stream(CpuPlacement.values())
                                .map(PlacementConverter::word)
                                .collect(Collectors.joining(", "))));
    }

    private static String word(CpuPlacement placement) {
        return placement.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
