# Vraagbaak in a container, for machines without a GPU. The models are not in the image: `vraagbaak models
# fetch` puts them into the volume /models, the index lies in the volume /data (compose.yaml does both).
#
# torch: with a mirror, or with PyTorch's index of CPU wheels, pass pip's own setting at build time, so that
# the CPU build is found: docker build --build-arg PIP_EXTRA_INDEX_URL=... (see constraints.txt)

FROM python:3.11-slim-bookworm AS build
ARG PIP_INDEX_URL=
ARG PIP_EXTRA_INDEX_URL=
WORKDIR /build
RUN python -m venv /opt/vraagbaak
COPY pyproject.toml constraints.txt LICENSE README.md ./
COPY index index
COPY rag rag
COPY api api
COPY eval eval
COPY vraagbaak vraagbaak
# A setting that is empty must not reach pip: it would look in no index at all.
RUN for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL; do \
      [ -n "$(printenv $name)" ] || unset $name; \
    done; \
    /opt/vraagbaak/bin/pip install --no-cache-dir -c constraints.txt .

FROM python:3.11-slim-bookworm
ARG VERSION=0.1.0
LABEL org.opencontainers.image.title="Vraagbaak" \
      org.opencontainers.image.description="Answers questions in Dutch from an organisation's own documents" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# tesseract reads scanned pages: 35 MB beside some 2 GB of libraries.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 tesseract-ocr tesseract-ocr-nld \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 10001 vraagbaak \
 && install -d -o vraagbaak /data /models
COPY --from=build /opt/vraagbaak /opt/vraagbaak
ENV PATH=/opt/vraagbaak/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VRAAGBAAK_DATA=/data \
    VRAAGBAAK_MODELS=/models \
    VRAAGBAAK_HOST=0.0.0.0
USER vraagbaak
WORKDIR /home/vraagbaak
VOLUME ["/data", "/models"]
EXPOSE 8000
# The models take some ten seconds to load.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["vraagbaak"]
CMD ["serve"]
