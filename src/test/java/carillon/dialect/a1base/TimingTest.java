package carillon.dialect.a1base;

import static org.assertj.core.api.Assertions.assertThat;

import carillon.dialect.Sample;
import carillon.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TimingTest {
    @ParameterizedTest
    @CsvFileSource(
            resources = "/carillon/dialect/a1base/native-schedules.csv",
            delimiter = '|',
            quoteCharacter = '\'')
    void schedules_of_other_apis_show_in_friendly_terms(String schedule, String fields) {
        var definition = Sample.task(schedule, "GET");

        assertThat(Timing.fits(definition)).isTrue();
        assertThat(Json.write(Timing.of(definition).orElseThrow().fields())).isEqualTo(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"at\": \"2030-01-01T00:00:00Z\"}",
                "{\"frequency\": \"daily\", \"time\": \"09:00:30\"}",
                "null"
            })
    void other_schedules_do_not_show(String schedule) {
        assertThat(Timing.fits(Sample.task(schedule, "GET"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"GET,true", "POST,true", "PUT,true", "DELETE,true", "PATCH,false", "HEAD,false"})
    void only_the_four_methods_of_the_document_show(String method, boolean shows) {
        assertThat(Timing.fits(Sample.task("{\"every\": \"1h\"}", method))).isEqualTo(shows);
    }

    @Test
    void tasks_that_call_nothing_do_not_show() {
        assertThat(Timing.fits(Sample.idle())).isFalse();
    }
}
